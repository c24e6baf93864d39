import { useState } from "react";
import { useSessionUser } from "../app/session.ts";
import { changePassword } from "../app/sign-in.ts";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { TextField } from "../components/text-field.tsx";
import { AccountForm } from "../features/accounts/account-form.tsx";
import { changePasswordSchema } from "../features/accounts/account-schemas.ts";
import { OwnSessions } from "../features/accounts/own-sessions.tsx";
import { SignedIn } from "./signed-in.tsx";

/** Who one is here, where one is signed in, and a way to another password. */
export function AccountRoute() {
  return (
    <div className="page-width max-w-xl py-10 sm:py-16">
      <PageHeading title="Account" />
      <SignedIn what="your account">{(userId) => <Account userId={userId} />}</SignedIn>
    </div>
  );
}

function Account({ userId }: { userId: string }) {
  const user = useSessionUser();
  const [changes, setChanges] = useState(0);
  return (
    <>
      <p className="mb-10 text-lg wrap-anywhere">
        <span className="block font-bold">{user?.name}</span>
        <span className="text-muted">{user?.email}</span>
      </p>
      <OwnSessions userId={userId} />
      <section aria-labelledby="another-password">
        <h2 id="another-password" className="mb-4 text-2xl font-bold narrow">
          Change your password
        </h2>
        <div role="status">
          {changes > 0 && (
            <Notice tone="good" title="Your password is changed" className="mb-5">
              Wherever else somebody was signed in to your account, they no longer are.
              {user?.role === "operator" &&
                " Keys of your programs go on: revoke under Programs what you do not trust."}
            </Notice>
          )}
        </div>
        <AccountForm
          key={changes}
          schema={changePasswordSchema}
          action={async (input) => {
            await changePassword(input);
            setChanges(changes + 1);
          }}
          submitLabel="Change password"
          busyLabel="Changing your password"
        >
          {(errors) => (
            <>
              {/* Tells password managers whose password it is. */}
              <input type="text" autoComplete="username" value={user?.email ?? ""} readOnly hidden />
              <TextField
                label="Current password"
                name="currentPassword"
                type="password"
                autoComplete="current-password"
                error={errors.currentPassword}
              />
              <TextField
                label="New password"
                name="newPassword"
                type="password"
                autoComplete="new-password"
                hint="At least 8 characters. You will be signed out everywhere else."
                error={errors.newPassword}
              />
            </>
          )}
        </AccountForm>
      </section>
    </>
  );
}

import { useMutationState } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { signedOutWords } from "../app/action-words.ts";
import { useSession } from "../app/session.ts";
import { signIn } from "../app/sign-in.ts";
import { useReturn } from "../app/use-return.ts";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { TextField } from "../components/text-field.tsx";
import { AccountForm } from "../features/accounts/account-form.tsx";
import { signInSchema } from "../features/accounts/account-schemas.ts";

export function SignInRoute() {
  const { from } = useReturn();
  return (
    <div className="page-width max-w-xl py-10 sm:py-16">
      <PageHeading title="Sign in" />
      <SignedOut />
      <AccountForm schema={signInSchema} action={signIn} submitLabel="Sign in" busyLabel="Signing in">
        {(errors) => (
          <>
            <TextField label="E-mail address" name="email" type="email" autoComplete="username" error={errors.email} />
            <TextField
              label="Password"
              name="password"
              type="password"
              autoComplete="current-password"
              error={errors.password}
            />
          </>
        )}
      </AccountForm>
      <p className="mt-8 text-muted">
        New here?{" "}
        <Link
          to="/sign-up"
          search={{ from }}
          className="font-semibold text-ink underline decoration-2 underline-offset-4"
        >
          Create an account
        </Link>
      </p>
    </div>
  );
}

/** To somebody whose session has ended while the page was open: what became of what they asked for last. */
function SignedOut() {
  const session = useSession();
  const asked = useMutationState({ select: ({ state: { status, error } }) => ({ status, error }) });
  if (session?.user !== null || session.ownerId === undefined) return null;
  return (
    <Notice tone="plain" className="mb-6">
      {signedOutWords(asked.at(-1))}
    </Notice>
  );
}

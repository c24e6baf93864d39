import { Link } from "@tanstack/react-router";
import { signUp } from "../app/sign-in.ts";
import { useReturn } from "../app/use-return.ts";
import { PageHeading } from "../components/page-heading.tsx";
import { TextField } from "../components/text-field.tsx";
import { AccountForm } from "../features/accounts/account-form.tsx";
import { signUpSchema } from "../features/accounts/account-schemas.ts";

export function SignUpRoute() {
  const { from } = useReturn();
  return (
    <div className="page-width max-w-xl py-10 sm:py-16">
      <PageHeading title="Create an account" />
      <AccountForm schema={signUpSchema} action={signUp} submitLabel="Create account" busyLabel="Creating your account">
        {(errors) => (
          <>
            <TextField label="Your name" name="name" autoComplete="name" error={errors.name} />
            <TextField label="E-mail address" name="email" type="email" autoComplete="username" error={errors.email} />
            <TextField
              label="Password"
              name="password"
              type="password"
              autoComplete="new-password"
              hint="At least 8 characters."
              error={errors.password}
            />
          </>
        )}
      </AccountForm>
      <p className="mt-8 text-muted">
        Been here before?{" "}
        <Link
          to="/sign-in"
          search={{ from }}
          className="font-semibold text-ink underline decoration-2 underline-offset-4"
        >
          Sign in
        </Link>
      </p>
    </div>
  );
}

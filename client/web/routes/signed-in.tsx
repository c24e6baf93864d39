import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { rereadSession, useSession, useSessionFailure } from "../app/session.ts";
import { buttonLook } from "../components/button.tsx";
import { LoadFailure } from "../components/load-failure.tsx";
import { Skeleton } from "../components/skeleton.tsx";

/** Shows what belongs to the signed-in user; to a visitor, or after the session ended, the way to sign in and back. */
export function SignedIn({ what, children }: { what: string; children: (userId: string) => ReactNode }) {
  const session = useSession();
  const failure = useSessionFailure();
  const { pathname } = useLocation();
  if (failure) return <LoadFailure what="Your account" error={failure} onRetry={rereadSession} />;
  if (session === undefined) return <Skeleton className="h-64 w-full" />;
  if (session.user) return children(session.user.id);
  return (
    <div className="rounded-2xl bg-sunken px-6 py-12 text-center">
      <p className="mb-6 text-lg">
        {session.ownerId !== undefined && "You have been signed out. "}Sign in to see {what}.
      </p>
      <div className="flex flex-wrap justify-center gap-3">
        <Link to="/sign-in" search={{ from: pathname }} className={buttonLook("primary")}>
          Sign in
        </Link>
        <Link to="/sign-up" search={{ from: pathname }} className={buttonLook("plain")}>
          Create an account
        </Link>
      </div>
    </div>
  );
}

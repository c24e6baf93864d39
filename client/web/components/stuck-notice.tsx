import type { DoorbusterError } from "../../sdk/index.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

/** Says that a purchase, an order or a top-up cannot go on by itself, and offers what lets it. */
export function StuckNotice({ what, error, onTryAgain, onSignIn }: StuckNoticeProps) {
  if (error.code === "UNAUTHENTICATED") {
    return (
      <Notice
        tone="bad"
        title="You have been signed out"
        className="mt-3"
        actions={
          <>
            <Button onClick={onSignIn}>Sign in</Button>
            <Button look="plain" onClick={onTryAgain}>
              Try again
            </Button>
          </>
        }
      >
        Your {what} is kept, and goes on when you have signed in again. It never happens twice.
      </Notice>
    );
  }
  const isOwnFailure = error.code === "INTERNAL";
  return (
    <Notice
      tone="bad"
      title={isOwnFailure ? "The shop had a problem" : `Your ${what} is not settled`}
      className="mt-3"
      actions={<Button onClick={onTryAgain}>Try again</Button>}
    >
      {!isOwnFailure && `${error.message} `}It is not yet known whether it went through. Trying again finds out, and it
      never happens twice.
      {error.requestId !== undefined && (
        <span className="mt-1 block text-sm text-muted">Reference {error.requestId}</span>
      )}
    </Notice>
  );
}

interface StuckNoticeProps {
  readonly what: "purchase" | "order" | "top-up";
  readonly error: DoorbusterError;
  readonly onTryAgain: () => void;
  readonly onSignIn: () => void;
}

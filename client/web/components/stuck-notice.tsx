import type { Held } from "../app/intent-runner.ts";
import type { Choices } from "../app/use-intent.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

/** Says that a purchase, an order or a top-up cannot go on by itself, and offers what lets it, or gives it up. */
export function StuckNotice({ what, held, choices, onSignIn }: StuckNoticeProps) {
  if (held.phase === "dropping")
    return (
      <Notice tone="plain" className="mt-3">
        {DROPPING}
      </Notice>
    );
  const { error } = held;
  const isSignedOut = error?.code === "UNAUTHENTICATED";
  return (
    <Notice
      tone="bad"
      title={titleOf(what, held)}
      className="mt-3"
      actions={<HeldActions what={what} held={held} choices={choices} onSignIn={onSignIn} />}
    >
      {isSignedOut ? (
        `Your ${what} is kept, and goes on when you have signed in. It never happens twice.`
      ) : error === undefined ? (
        "You asked for it in another tab, or before a reload. It goes on only if you say so, and never happens twice."
      ) : (
        <>
          {error.code !== "INTERNAL" && `${error.message} `}It is not yet known whether it went through. Trying again
          finds out, and it never happens twice.
        </>
      )}
      {error?.requestId !== undefined && !isSignedOut && (
        <span className="mt-1 block text-sm text-muted">Reference {error.requestId}</span>
      )}
    </Notice>
  );
}

/** The buttons of it, wherever it is shown. */
export function HeldActions({ what, held, choices, onSignIn }: StuckNoticeProps) {
  if (held.phase === "dropping") return null;
  const isSignedOut = held.error?.code === "UNAUTHENTICATED";
  const { tryAgain, allow, drop } = choices;
  return (
    <>
      {isSignedOut && (
        <Button
          onClick={() => {
            allow();
            onSignIn();
          }}
        >
          Sign in
        </Button>
      )}
      <Button look={isSignedOut ? "plain" : "primary"} onClick={tryAgain}>
        {held.error ? "Try again" : `${VERBS[what]} now`}
      </Button>
      {drop && (
        <Button look="plain" onClick={drop}>
          {DROPS[what]}
        </Button>
      )}
    </>
  );
}

function titleOf(what: Kind, { error }: Extract<Held, { phase: "stuck" }>): string {
  switch (error?.code) {
    case undefined:
      return `Your ${what} waits`;
    case "UNAUTHENTICATED":
      return "You have been signed out";
    case "INTERNAL":
      return "The shop had a problem";
    default:
      return `Your ${what} is not settled`;
  }
}

export const DROPPING = "Giving it up: the shop is asked first whether it went through already.";

const VERBS = { purchase: "Buy it", order: "Pay", "top-up": "Add it" };
const DROPS = { purchase: "Do not buy", order: "Do not pay", "top-up": "Do not add" };

export type Kind = keyof typeof VERBS;

interface StuckNoticeProps {
  readonly what: Kind;
  readonly held: Held;
  readonly choices: Choices;
  readonly onSignIn: () => void;
}

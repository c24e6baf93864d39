import { type ReactNode, useCallback, useSyncExternalStore } from "react";
import type { Intent, IntentFlow } from "../app/intent-flow.ts";
import { heldOf, type Progress } from "../app/intent-runner.ts";
import { choicesOn } from "../app/use-intent.ts";
import { Button } from "./button.tsx";
import { DROPPING, HeldActions, type Kind } from "./stuck-notice.tsx";

/** Names whatever of one kind waits for a sign-in, for the network or for the buyer's word, whatever page is open. */
export function PendingNotice<Wish, Decision, Subject>(props: PendingNoticeProps<Wish, Decision, Subject>) {
  const { flow, ownerId, what, describe, onSignIn } = props;
  const { intents, runner } = flow;
  const all = useSyncExternalStore(
    useCallback((listener) => intents.subscribe(listener), [intents]),
    () => intents.snapshot(),
  );
  const progress = useSyncExternalStore(
    useCallback((listener) => runner.subscribe(listener), [runner]),
    () => runner.progress(),
  );
  return all.map((intent) => {
    const own = progress.get(intent.key);
    if (intent.userId !== ownerId || !own || own.phase === "sending") return null;
    const held = heldOf(own);
    const choices = choicesOn(runner, intent);
    return (
      <section key={intent.key} aria-label={`Waiting ${what}`} className="border-b border-line bg-sunken">
        <div className="page-width flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-[0.95rem]">
          <p className="grow">
            {describe(intent)} waits{waitingFor(own)}
          </p>
          {held ? (
            <HeldActions what={what} held={held} choices={choices} onSignIn={onSignIn} />
          ) : (
            choices.drop && (
              <Button look="plain" onClick={choices.drop}>
                Give up
              </Button>
            )
          )}
        </div>
      </section>
    );
  });
}

function waitingFor(progress: Progress): string {
  if (progress.phase === "dropping") return `. ${DROPPING}`;
  if (progress.phase === "retrying") return " for the shop.";
  if (progress.phase !== "stuck" || !progress.error) return ": shall it go on?";
  return progress.error.code === "UNAUTHENTICATED" ? " for you to sign in." : " for a new try.";
}

interface PendingNoticeProps<Wish, Decision, Subject> {
  readonly flow: IntentFlow<Wish, Decision, Subject>;
  readonly ownerId: string | undefined;
  readonly what: Kind;
  readonly describe: (intent: Intent<Wish>) => ReactNode;
  readonly onSignIn: () => void;
}

import { useRef } from "react";
import { isUnknown } from "../../app/action-words.ts";
import { useIsOffline } from "../../app/connection.ts";
import { Notice } from "../../components/notice.tsx";
import { type ActionKnown, actionWords } from "./action-words.ts";

/**
 * What a failure of an action leaves open: it is not known whether it was done until the shop's state has been read again.
 *
 * @param seenAtMs when that state was read last, by this computer's clock
 */
export function useActionFailure(error: Error | null, seenAtMs: number): ActionFailureState {
  const failed = useRef<{ error: Error | null; atMs: number }>({ error: null, atMs: 0 });
  if (failed.current.error !== error) failed.current = { error, atMs: Date.now() };
  return { isUnknown: isUnknown(error), isLooking: isUnknown(error) && seenAtMs <= failed.current.atMs };
}

/** Says what is known of an action that failed, and whether to ask for it again. */
export function ActionFailure({ error, className, ...known }: ActionFailureProps) {
  const { tone, title, words } = actionWords(error, { ...known, isOffline: useIsOffline() });
  return (
    <Notice tone={tone} title={title} className={className ?? ""}>
      {words}
    </Notice>
  );
}

interface ActionFailureState {
  /** The try may have been done all the same. */
  readonly isUnknown: boolean;
  /** Not read again yet. */
  readonly isLooking: boolean;
}

interface ActionFailureProps extends Omit<ActionKnown, "isOffline"> {
  readonly error: Error;
  readonly className?: string;
}

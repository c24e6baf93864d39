import { useRef } from "react";
import { DoorbusterError } from "../../../sdk/errors.ts";
import { actionWords } from "../../app/action-words.ts";
import { useIsOffline } from "../../app/connection.ts";
import { Notice } from "../../components/notice.tsx";

/**
 * What a failure of an action leaves open: it is not known whether it was done until the shop's state has been read again.
 *
 * @param seenAtMs when that state was read last, by this computer's clock
 */
export function useActionFailure(error: Error | null, seenAtMs: number): ActionFailureState {
  const failed = useRef<{ error: Error | null; atMs: number }>({ error: null, atMs: 0 });
  if (failed.current.error !== error) failed.current = { error, atMs: Date.now() };
  const isUnknown = isOfUnknownOutcome(error);
  return { isUnknown, isLooking: isUnknown && seenAtMs <= failed.current.atMs };
}

export function isOfUnknownOutcome(error: Error | null): boolean {
  return error instanceof DoorbusterError && error.outcome === "unknown";
}

/** Says what is known of an action that failed. */
export function ActionFailure({ error, isLooking, title = "That was not done", className }: ActionFailureProps) {
  const isOffline = useIsOffline();
  const words = actionWords(error, { isLooking, isOffline });
  return (
    <Notice tone="bad" title={isLooking ? "It is not known whether this was done" : title} className={className ?? ""}>
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

interface ActionFailureProps {
  readonly error: Error;
  readonly isLooking: boolean;
  /** For one that is known not to have been done. */
  readonly title?: string;
  readonly className?: string;
}

import { useEffect, useRef } from "react";
import { useIsOffline } from "../app/connection.ts";
import { failureWords } from "../app/failure-words.ts";
import { useRetry } from "../app/use-retry.ts";
import { Button } from "./button.tsx";

/**
 * Shown where something could not be loaded: says why, and tries again by itself until it is gone. `isPage` where nothing
 * else is on the page.
 */
export function LoadFailure({
  what,
  error,
  isPage = false,
  isAsked = false,
  onRetry,
  onPress = onRetry,
}: LoadFailureProps) {
  const isOffline = useIsOffline();
  const notice = useRef<HTMLDivElement>(null);
  useRetry(onRetry);
  useEffect(() => {
    if (isAsked) notice.current?.scrollIntoView({ block: "nearest" });
  }, [isAsked]);
  const Heading = isPage ? "h1" : "h2";
  return (
    <div ref={notice} role="alert" className="mx-auto max-w-2xl px-4 py-16 text-center">
      <ClosedDoor />
      <Heading className={`poster mt-8 uppercase ${isPage ? "text-[clamp(3rem,9vw,6rem)]" : "text-4xl"}`}>
        The door is stuck
      </Heading>
      <p className="mt-5 mb-7 text-lg text-muted">
        {what} could not be loaded. {failureWords(error, isOffline)} Nothing of yours is lost.
      </p>
      <Button onClick={onPress}>Try again</Button>
    </div>
  );
}

export function ClosedDoor() {
  return (
    <svg aria-hidden="true" viewBox="0 0 80 110" className="mx-auto h-28">
      <path d="M10 6h60v100H10z" fill="var(--color-flag)" />
      <path d="M15 11h50v95H15z" fill="var(--color-ink)" />
      <path
        d="M23 20h34v30H23zM23 60h34v36H23z"
        fill="none"
        stroke="var(--color-paper)"
        strokeOpacity="0.25"
        strokeWidth="2"
      />
      <circle cx="58" cy="57" r="3" fill="var(--color-flag)" />
      <path d="M0 107h80" stroke="var(--color-ink)" strokeWidth="3" />
    </svg>
  );
}

interface LoadFailureProps {
  /** The subject of the sentence, for example "The sale". */
  readonly what: string;
  readonly error: unknown;
  readonly isPage?: boolean;
  /** Whether somebody has pressed for it: then it comes into sight. */
  readonly isAsked?: boolean;
  /** By itself, again and again. */
  readonly onRetry: () => void;
  /** When somebody presses; the same where nothing else is told. */
  readonly onPress?: () => void;
}

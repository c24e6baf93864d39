import type { DoorbusterErrorCode } from "./errors.ts";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface RetryOptions extends CallOptions {
  /** How long all tries may take together, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** Called before each wait for a further try, so that a page can say what it is doing. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

export interface Retry {
  /** How many tries have failed so far. */
  readonly attempt: number;
  /** Why the last one failed. */
  readonly reason: DoorbusterErrorCode;
  /** How long until the next one, in milliseconds. */
  readonly delayMs: number;
}

export type WatchState = "connecting" | "open" | "reconnecting";

export interface WatchOptions extends CallOptions {
  readonly onStateChange?: ((state: WatchState) => void) | undefined;
}

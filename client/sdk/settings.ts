import type { Clock } from "./clock.ts";

/** What every call of one client has in common. */
export interface Settings {
  /** Ends without a slash. */
  readonly url: string;
  readonly token: string | undefined;
  readonly credentials: RequestCredentials;
  readonly fetch: typeof globalThis.fetch;
  /** How long one try may take. */
  readonly timeoutMs: number;
  /** How long all tries of one call may take together, unless the call says otherwise. */
  readonly deadlineMs: number;
  /** How often a query is asked at most. */
  readonly queryTriesMax: number;
  /** How long `sales.watch` may hear nothing before it connects again. */
  readonly silenceMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

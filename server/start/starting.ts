import type { Logger } from "pino";
import type { Stopper } from "../processes/stopper.ts";
import type { Config } from "../settings/config.ts";

/** What every step of a start works with. */
export interface Starting {
  readonly config: Config;
  /** How the page is served: built when needed, from its sources as they change, or not at all. */
  readonly page: "built" | "rebuilding" | "none";
  /** Whether an empty store gets the demo sale and the demo accounts. */
  readonly demo: boolean;
  readonly logger: Logger;
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress: (sentence: string) => void;
  /** Told of what went wrong in the background. */
  readonly onError: (error: unknown) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
}

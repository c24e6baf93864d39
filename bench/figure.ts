import type { Stage } from "./stage.ts";

/**
 * Something that is measured and judged: what `npm run bench` prints a line for. A figure prepares a contest, and the
 * runner has the contestants do their rounds in turn (subject, peer, peer, subject, …), so that whatever else the
 * machine does falls on all of them alike. How to add one: README.md.
 */
export interface Figure {
  /** For `--only`, for example "P1". */
  readonly id: string;
  /** The work, in a few words. */
  readonly what: string;
  /** Of the values of all rounds, for example "purchases/s". */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** Fewer rounds than `--rounds` asks for, where one takes long. */
  readonly roundsMax?: number;
  /** Measured only when `--only` names it. */
  readonly isOnDemand?: boolean;
  /**
   * Makes the data, starts the servers and checks that the work is done right. What it took from the stage is given
   * back by the stage, also when this throws.
   *
   * @throws SkippedFigure when this machine lacks something that the figure needs
   */
  prepare(stage: Stage): Promise<Contest>;
}

export interface Contest {
  /** What is judged. */
  readonly subject: Contestant;
  /** What it is compared with in the same rounds. One that this machine cannot run says why. */
  readonly peers?: readonly (Contestant | AbsentPeer)[];
}

export interface Contestant {
  readonly name: string;
  /** Does the work once for about `stage.roundMs`, after a warm-up, and throws when an answer was not the right one. */
  round(): Promise<Sample>;
}

export interface AbsentPeer {
  readonly name: string;
  /** A sentence. */
  readonly absentBecause: string;
}

/** What one round came to. */
export interface Sample {
  readonly value: number;
  /** What is worth knowing beside it; names end in their unit: "p99 ms", "server CPU µs/purchase", "web memory MB". */
  readonly details?: Readonly<Record<string, number>>;
}

/** What has to hold of the medians over all rounds. */
export type Target = {
  /** The name of a peer: the bound is for subject / peer. Absent: it is for the subject's own value. */
  readonly against?: string;
  /** The name of a detail, which takes the place of the value. */
  readonly detail?: string;
} & ({ readonly atLeast: number } | { readonly atMost: number });

/** The reason is a sentence for a person. */
export class SkippedFigure extends Error {
  override readonly name = "SkippedFigure";
}

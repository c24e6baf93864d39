import type { Answer } from "./response-parser.ts";

/** What the answers were. */
export interface Tally {
  purchased: number;
  refused: number;
  /** Answers by HTTP status. */
  readonly statuses: Record<number, number>;
  /** The first few that were neither a purchase nor a refusal, to be shown to a person. */
  readonly samples: string[];
  /** Requests whose connection ended before the answer. */
  lost: number;
}

export function newTally(): Tally {
  return { purchased: 0, refused: 0, statuses: {}, samples: [], lost: 0 };
}

export function tallyAnswer(tally: Tally, { status, body }: Answer): void {
  tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
  if (status === 200 && body.includes('"outcome":"purchased"')) tally.purchased += 1;
  else if (status === 200 && body.includes('"outcome":"refused"')) tally.refused += 1;
  else if (tally.samples.length < SAMPLES_MAX) tally.samples.push(`${status} ${body.slice(0, SAMPLE_LENGTH_MAX)}`);
}

const SAMPLES_MAX = 3;
const SAMPLE_LENGTH_MAX = 300;

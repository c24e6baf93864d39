import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface BenchArguments {
  /** Ids of figures; undefined means all. */
  readonly only: readonly string[] | undefined;
  readonly rounds: number;
  readonly roundMs: number;
  readonly minutes: number;
  readonly storedAttempts: number;
  readonly jsonFile: string | undefined;
  readonly chartFile: string | undefined;
  /** A git revision that takes the peers' place. */
  readonly against: string | undefined;
  readonly help: boolean;
}

/** The sentence is for the person who typed it. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

export const USAGE = `npm run bench [-- OPTIONS]
  --only P1,P4         these figures instead of all
  --rounds N           rounds of each contestant, taken in turn (default 3)
  --seconds N          how long a round measures (default 2)
  --minutes N          no figure begins later than that (default 9)
  --stored N           purchases that P11 stores first (default 5000000)
  --against REVISION   another version of this repository takes the place of all peers; targets are not judged
  --json FILE          writes everything that was measured
  --chart FILE.svg     measures throughput and p99 over connections too, and draws them (alone: --only CHART)
`;

/** @throws ArgumentError */
export function parseArguments(argv: readonly string[], knownIds: readonly string[]): BenchArguments {
  const values = parsed(argv);
  const only = values.only?.split(",").map((id) => id.trim().toUpperCase());
  const unknown = only?.find((id) => !knownIds.includes(id));
  if (unknown !== undefined) throw new ArgumentError(`There is no figure ${unknown}: ${knownIds.join(", ")}.`);
  return {
    only,
    rounds: number(values.rounds, { name: "--rounds", min: 1, max: 100, otherwise: 3 }),
    roundMs: number(values.seconds, { name: "--seconds", min: 1, max: 600, otherwise: 2 }) * 1_000,
    minutes: number(values.minutes, { name: "--minutes", min: 1, max: 10_000, otherwise: 9 }),
    storedAttempts: number(values.stored, { name: "--stored", min: 0, max: 100_000_000, otherwise: 5_000_000 }),
    jsonFile: values.json,
    chartFile: values.chart,
    against: values.against,
    help: values.help === true,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: "string" },
        rounds: { type: "string" },
        seconds: { type: "string" },
        minutes: { type: "string" },
        stored: { type: "string" },
        json: { type: "string" },
        chart: { type: "string" },
        against: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function number(
  text: string | undefined,
  { name, min, max, otherwise }: { name: string; min: number; max: number; otherwise: number },
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ArgumentError(`${name} takes a whole number from ${min} to ${max}.`);
}

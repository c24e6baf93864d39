import { parseArgs } from "node:util";

/** What the command line asks for; without `only`, all figures. */
export type BenchArguments = ReturnType<typeof parseArguments>;

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
`;

/** @throws ArgumentError */
export function parseArguments(argv: readonly string[], knownIds: readonly string[]) {
  const { only: ids, rounds, seconds, minutes, stored, json: jsonFile, against, help } = parsed(argv);
  const only = ids?.split(",").map((id) => id.trim().toUpperCase());
  const unknown = only?.find((id) => !knownIds.includes(id));
  if (unknown !== undefined) throw new ArgumentError(`There is no figure ${unknown}: ${knownIds.join(", ")}.`);
  return {
    only,
    rounds: number("--rounds", rounds, { min: 1, max: 100 }),
    roundMs: number("--seconds", seconds, { min: 1, max: 600 }) * 1_000,
    minutes: number("--minutes", minutes, { min: 1, max: 10_000 }),
    storedAttempts: number("--stored", stored, { min: 0, max: 100_000_000 }),
    jsonFile,
    against,
    help,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "3" },
        seconds: { type: "string", default: "2" },
        minutes: { type: "string", default: "9" },
        stored: { type: "string", default: "5000000" },
        json: { type: "string" },
        against: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function number(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ArgumentError(`${name} takes a whole number from ${min} to ${max}.`);
}

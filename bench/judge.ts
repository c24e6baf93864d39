import type { Figure, Sample, Target } from "./figure.ts";
import { summarize } from "./report/statistics.ts";
import type { ContestantResult, MeasuredFigure, Verdict } from "./result.ts";

/** What the samples of a contestant's rounds say together. */
export function contestantResult(name: string, samples: readonly Sample[]): ContestantResult {
  const rounds = samples.map((sample) => sample.value);
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample.details ?? {})))];
  const details = names.map((detail) => {
    const values = samples.flatMap((sample) => sample.details?.[detail] ?? []);
    return [detail, summarize(values)] as const;
  });
  return { name, rounds, ...summarize(rounds), details: Object.fromEntries(details) };
}

/** Judges each target by medians. */
export function judge(
  { targets }: Pick<Figure, "targets">,
  measured: Pick<MeasuredFigure, "subject" | "peers">,
): Verdict[] {
  return targets.map((target) => verdict(target, measured));
}

function verdict(target: Target, { subject, peers }: Pick<MeasuredFigure, "subject" | "peers">): Verdict {
  const own = medianOf(subject, target);
  if (own === undefined) return { target, reached: undefined, state: "skipped", reason: "this machine does not tell" };
  if (target.against === undefined) return decided(target, own);
  const peer = peers.find(({ name }) => name === target.against);
  if (!peer) throw new Error(`a target is against "${target.against}", which no peer is called`);
  if ("absentBecause" in peer) return { target, reached: undefined, state: "skipped", reason: peer.absentBecause };
  const theirs = medianOf(peer, target);
  if (theirs === undefined) return { target, reached: undefined, state: "skipped", reason: "the peer does not tell" };
  return decided(target, own / theirs);
}

function medianOf(result: ContestantResult, { detail }: Target): number | undefined {
  return detail === undefined ? result.median : result.details[detail]?.median;
}

function decided(target: Target, reached: number): Verdict {
  const met = "atLeast" in target ? reached >= target.atLeast : reached <= target.atMost;
  return { target, reached, state: met ? "met" : "missed" };
}

import { type Contest, type Contestant, type Figure, type Sample, SkippedFigure } from "./figure.ts";
import { contestantResult, judge } from "./judge.ts";
import { type FigureStage, ReconcileFailed } from "./open-stage.ts";
import type { FigureResult, MeasuredFigure } from "./result.ts";

/** Measures one figure; never throws. Afterwards nothing of it runs any more, and its stores were reconciled. */
export async function runFigure(
  figure: Figure,
  { stage, rounds }: { stage: FigureStage; rounds: number },
): Promise<FigureResult> {
  const { id, what, unit } = figure;
  const head = { id, what, unit };
  try {
    const contest = await figure.prepare(stage);
    const measured = await measure(contest, Math.min(rounds, figure.roundsMax ?? rounds), stage.say);
    await stage.settle();
    return { ...head, state: "measured", ...measured, verdicts: judge(figure, measured) };
  } catch (error) {
    if (error instanceof SkippedFigure) return { ...head, state: "skipped", reason: error.message };
    const state = error instanceof ReconcileFailed ? "not reconciled" : "crashed";
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...head, state, reason: text.slice(0, REASON_LENGTH_MAX) };
  } finally {
    await stage.close();
  }
}

/** Drizzle's errors show every parameter. */
const REASON_LENGTH_MAX = 2_000;

/** Round after round, everybody once in each; who was first is last in the next. */
async function measure(
  { subject, peers = [] }: Contest,
  rounds: number,
  say: (sentence: string) => void,
): Promise<Pick<MeasuredFigure, "subject" | "peers">> {
  const present = [subject, ...peers.filter((peer): peer is Contestant => "round" in peer)];
  const samples = new Map<Contestant, Sample[]>(present.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of round % 2 === 1 ? present : present.toReversed()) {
      const sample = await contestant.round();
      samples.get(contestant)?.push(sample);
      say(`  round ${round} of ${rounds}, ${contestant.name}: ${sample.value.toPrecision(4)}`);
    }
  }
  const resultOf = (contestant: Contestant) => contestantResult(contestant.name, samples.get(contestant) ?? []);
  return {
    subject: resultOf(subject),
    peers: peers.map((peer) => ("round" in peer ? resultOf(peer) : peer)),
  };
}

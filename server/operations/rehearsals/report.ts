import type { CapacityStep, CrowdResult, RehearsalReport } from "../../../shared/rehearsals.ts";

/** What came of a rehearsal, from the crowd's books and the store's. */
export function makeReport(facts: ReportFacts): RehearsalReport {
  const { crowd, store, capacitySteps, reconcile, cpu, machine } = facts;
  const { unitsAllotted, unitsSold, soldOutAfterMs, oversold } = store;
  // What nobody learned the outcome of may have been bought.
  const doubleCharges = Math.max(0, store.purchases - crowd.purchased - crowd.unresolved);
  const outcome = { unitsAllotted, unitsSold, soldOutAfterMs, oversold, doubleCharges };
  const problems = problemsOf({ ...outcome, crowd, reconcile });
  return {
    wentWell: problems.length === 0,
    verdict: problems.length === 0 ? successOf({ ...outcome, crowd }) : `${problems.join("; ")}.`,
    ...outcome,
    crowd,
    capacity: capacitySteps && {
      best: bestOf(capacitySteps),
      p99BoundMs: CAPACITY_P99_MS_MAX,
      steps: [...capacitySteps],
    },
    reconcile,
    cpu,
    machine,
  };
}

export interface ReportFacts extends Pick<RehearsalReport, "reconcile" | "cpu" | "machine"> {
  readonly crowd: CrowdResult;
  readonly store: StoreFacts;
  /** Absent where it was not measured. */
  readonly capacitySteps: readonly CapacityStep[] | null;
}

/** What the rehearsal's store says of the sale. */
export interface StoreFacts
  extends Pick<RehearsalReport, "unitsAllotted" | "unitsSold" | "soldOutAfterMs" | "oversold"> {
  readonly purchases: number;
}

type Judged = Pick<RehearsalReport, "oversold" | "doubleCharges" | "crowd" | "reconcile">;

/** Why it did not go well; the first begins the sentence. */
function problemsOf({ oversold, doubleCharges, crowd, reconcile }: Judged): string[] {
  const broken = reconcile.checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const internal = crowd.faults.INTERNAL ?? 0;
  const problems = [
    oversold > 0 && `${oversold} units more were sold than there were`,
    doubleCharges > 0 && `${doubleCharges} purchases were paid that no buyer was told of`,
    crowd.contradictions > 0 && `${crowd.contradictions} clicks were given two different answers`,
    crowd.unresolved > 0 && `of ${crowd.unresolved} clicks nobody learned what became of them`,
    broken.length > 0 && `reconcile found something broken: ${broken.join(", ")}`,
    internal > 0 && `${internal} requests failed with an error of the shop's own`,
    crowd.answers === 0 && "nobody was answered",
    crowd.p99Ms > P99_MS_MAX && `1 in 100 answers took longer than ${seconds(crowd.p99Ms)}`,
  ];
  return problems.filter((problem) => problem !== false).map((text, index) => (index === 0 ? capitalised(text) : text));
}

function successOf(outcome: Pick<RehearsalReport, "unitsAllotted" | "unitsSold" | "soldOutAfterMs" | "crowd">): string {
  const { unitsAllotted, unitsSold, soldOutAfterMs, crowd } = outcome;
  const sold =
    soldOutAfterMs === null
      ? `${unitsSold} of ${unitsAllotted} units were sold`
      : `All ${unitsAllotted} units were sold in ${seconds(soldOutAfterMs)}`;
  return `${sold}, 99 of 100 answers came within ${length(crowd.p99Ms)}, and nobody was charged twice.`;
}

function bestOf(steps: readonly CapacityStep[]): CapacityStep | null {
  const carried = steps.filter(({ p99Ms, perSecond }) => perSecond > 0 && p99Ms <= CAPACITY_P99_MS_MAX);
  return carried.toSorted((a, b) => b.perSecond - a.perSecond)[0] ?? null;
}

function length(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : seconds(ms);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A buyer who waits longer believes that something is wrong, and clicks again. */
const P99_MS_MAX = 3_000;

/** What is slower than that is not carried but piled up. */
const CAPACITY_P99_MS_MAX = 500;

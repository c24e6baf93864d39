import type { ProofState } from "../../../../../shared/proof.ts";
import { PAGED, READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";

/** What is proved, and how far the runs have come: by the second while one is under way. */
export const proofStateQuery = watching.proof.state.queryOptions(undefined, {
  ...READING,
  refetchInterval: ({ state }) => (isUnderWay(state.data) ? RUN_MS : CALM_MS),
});

const RUN_MS = 1_000;
const CALM_MS = 5_000;

function isUnderWay(state: ProofState | undefined): boolean {
  return [state?.reconcile, state?.chain].some((run) => run && run.endedAt === null);
}

/** The heads change with every seal: whoever copies one reads it in peace. */
export const headsQuery = watching.proof.heads.infiniteQueryOptions(
  { limit: 20 },
  { ...PAGED, refetchOnWindowFocus: false },
);

import { sql } from "drizzle-orm";
import type { ChainResult } from "../../shared/chain.ts";
import type { ReconcileResult } from "../../shared/operations.ts";
import type { ProofKind } from "../../shared/proof.ts";
import { verifyChain } from "../chain/verify.ts";
import { readClock } from "../database/clock.ts";
import type { Database, Tx } from "../database/database.ts";
import { reconcileAll } from "../operations/reconcile-shop.ts";
import type { ProofServices } from "./services.ts";

/**
 * Begins a run in the background, or does nothing while one of its kind is under way in whatever process. How far it has come
 * and what it found is stored: `proofState`.
 */
export async function startProof(services: ProofServices, kind: ProofKind): Promise<{ isNew: boolean }> {
  const id = await storeRun(services.database, kind);
  if (id === undefined) return { isNew: false };
  void run(services, { id, kind });
  return { isNew: true };
}

async function storeRun(database: Database, kind: ProofKind): Promise<number | undefined> {
  return database.withTransaction(
    async (tx) => {
      const { now } = await readClock(tx);
      await tx.execute(sql`
        update proof_runs
        set ended_at = ${now}
        where kind = ${kind} and ended_at is null and seen_at < ${now}::timestamptz - ${LOST_SECONDS} * interval '1 second'
      `);
      await removeOld(tx, kind, now);
      const [made] = await tx.execute<{ id: number }>(sql`
        insert into proof_runs (kind, started_at, seen_at)
        values (${kind}, ${now}, ${now})
        on conflict (kind) where ended_at is null do nothing
        returning id
      `);
      return made?.id;
    },
    { name: "proof.start" },
  );
}

/** The latest result stays, however old it is. */
async function removeOld(tx: Tx, kind: ProofKind, now: string): Promise<void> {
  await tx.execute(sql`
    delete from proof_runs as runs
    where kind = ${kind}
      and started_at < ${now}::timestamptz - ${KEPT_DAYS} * interval '1 day'
      and exists (
        select from proof_runs as later
        where later.kind = runs.kind and later.started_at > runs.started_at and later.result is not null
      )
  `);
}

async function run(services: ProofServices, { id, kind }: { id: number; kind: ProofKind }): Promise<void> {
  const { database, onError = () => {} } = services;
  const progress = progressOf(database, id, onError);
  try {
    const result =
      kind === "chain" ? await verify(services, progress.tell) : await reconcileAll(services, progress.tell);
    await progress.close();
    await end(database, id, result);
  } catch (error) {
    onError(error);
    await progress.close();
    await end(database, id, null).catch(onError);
  }
}

async function verify(services: ProofServices, tell: Tell): Promise<ChainResult> {
  const chain = verifyChain(services.operatorReads);
  for (;;) {
    const step = await chain.next();
    if (step.done) return step.value;
    tell(step.value.rows, step.value.rowsTotal);
  }
}

type Tell = (done: number, total: number) => void;

/** Stores how far a run has come, once a second: also that it is still there, while one check takes long. */
function progressOf(database: Database, id: number, onError: (error: unknown) => void) {
  let at = { done: 0, total: 0 };
  let storing = Promise.resolve();
  const timer = setInterval(() => {
    const { done, total } = at;
    storing = storing
      .then(() =>
        database.withTransaction(
          async (tx) => {
            const { now } = await readClock(tx);
            await tx.execute(sql`
              update proof_runs set done = ${done}, total = ${total}, seen_at = ${now} where id = ${id} and ended_at is null
            `);
          },
          { name: "proof.progress" },
        ),
      )
      .catch(onError);
  }, PROGRESS_MS);
  timer.unref();
  return {
    tell: (done: number, total: number) => {
      at = { done, total };
    },
    close: () => {
      clearInterval(timer);
      return storing;
    },
  };
}

async function end(database: Database, id: number, result: ReconcileResult | ChainResult | null): Promise<void> {
  await database.withTransaction(
    async (tx) => {
      const { now } = await readClock(tx);
      await tx.execute(sql`
        update proof_runs
        set ended_at = ${now}, seen_at = ${now}, result = ${result === null ? null : JSON.stringify(result)}::jsonb
        where id = ${id} and ended_at is null
      `);
    },
    { name: "proof.end" },
  );
}

const PROGRESS_MS = 1_000;

/** A run that was not heard of for so long has ended with its process. */
export const LOST_SECONDS = 60;

const KEPT_DAYS = 90;

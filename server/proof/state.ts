import { sql } from "drizzle-orm";
import type { ChainResult } from "../../shared/chain.ts";
import type { ProofCheck, ProofKind, ProofRun, ProofState } from "../../shared/proof.ts";
import { chainEnds } from "../chain/ends.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { type KnownRun, latestRuns } from "../operations/reconcile-runs.ts";
import { publicKeyOf } from "./proof-key.ts";
import type { ProofServices } from "./services.ts";
import { LOST_SECONDS } from "./start.ts";

/** What is proved, since when, and how far the runs have come that somebody asked for. */
export async function proofState({ operatorReads, proofKey }: ProofServices): Promise<ProofState> {
  const [reconcile, chain, checks, verification, { sealedUntil, ageSeconds }] = await Promise.all([
    lastRun(operatorReads, "reconcile"),
    lastRun(operatorReads, "chain"),
    checksOf(operatorReads),
    lastVerification(operatorReads),
    chainEnds(operatorReads),
  ]);
  return {
    reconcile,
    checks,
    chain,
    verified: verification?.result ?? null,
    verifiedAt: verification?.at ?? null,
    sealedUntil,
    ageSeconds,
    publicKey: publicKeyOf(proofKey),
  };
}

async function lastRun({ db }: Pick<Database, "db">, kind: ProofKind): Promise<ProofRun | null> {
  const [row] = await db.execute<{ started: string; ended: string | null; done: number; total: number }>(sql`
    select started_at as started, done, total,
      case
        when ended_at is null and seen_at < statement_timestamp() - ${LOST_SECONDS} * interval '1 second' then seen_at
        else ended_at
      end as ended
    from proof_runs
    where kind = ${kind}
    order by started_at desc
    limit 1
  `);
  if (!row) return null;
  const { started, ended, done, total } = row;
  return { startedAt: isoTime(started), endedAt: ended === null ? null : isoTime(ended), done, total };
}

/** The latest that came to a result. */
export async function lastVerification({
  db,
}: Pick<Database, "db">): Promise<{ result: ChainResult; at: string } | undefined> {
  const [row] = await db.execute<{ result: ChainResult; at: string }>(sql`
    select result, started_at as at
    from proof_runs
    where kind = 'chain' and result is not null
    order by started_at desc
    limit 1
  `);
  return row && { result: row.result, at: isoTime(row.at) };
}

/** Each check as the latest run found it that looked at it; of two, the one over everything says how much there is. */
async function checksOf(database: Database): Promise<ProofCheck[]> {
  const runs = await latestRuns(database.db);
  const full = runs.find(({ standing }) => standing === "lastFull");
  const fresh = runs.find(({ standing }) => standing === "lastNew");
  const names = new Set([full, fresh].flatMap((run) => run?.checks.map(({ name }) => name) ?? []));
  return Promise.all([...names].map((name) => checkOf(database, name, { full, fresh })));
}

async function checkOf(
  database: Database,
  name: string,
  { full, fresh }: { full: KnownRun | undefined; fresh: KnownRun | undefined },
): Promise<ProofCheck> {
  const seen = [full, fresh].flatMap((run) =>
    (run?.checks ?? []).filter((each) => each.name === name).map((check) => ({ ...check, at: run?.started_at ?? "" })),
  );
  const newest = seen.reduce((one, other) => (Date.parse(other.at) > Date.parse(one.at) ? other : one));
  const broken = seen.find(({ ok }) => !ok);
  const shown = broken ?? seen[0] ?? newest;
  const lastTrue = newest.ok ? newest.at : await lastTrueAt(database, name);
  return {
    name,
    ok: shown.ok,
    detail: shown.detail,
    checkedAt: isoTime(newest.at),
    lastTrueAt: lastTrue === null ? null : isoTime(lastTrue),
  };
}

async function lastTrueAt({ db }: Database, name: string): Promise<string | null> {
  const [row] = await db.execute<{ at: string | null }>(sql`
    select max(started_at) as at
    from reconcile_runs
    where jsonb_path_exists(checks, '$[*] ? (@.ok == true && @.name == $name)', jsonb_build_object('name', ${name}::text))
  `);
  return row?.at ?? null;
}

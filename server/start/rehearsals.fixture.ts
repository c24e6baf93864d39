import type { RehearsalWithReport } from "../../shared/rehearsals.ts";
import { signedInOperator, startTestApp, type TestApp, type TestUser } from "../app/app.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeSale } from "../testing/factories.ts";
import type { TestDatabase } from "../testing/test-database.ts";

/** A crowd that is gone within seconds. */
export const QUICK_CROWD = { buyers: 200, seconds: 1 };

/** One that would take minutes. */
export const SLOW_CROWD = { buyers: 2_000, seconds: 600, arrival: "steady" };

export const METRICS_TOKEN = "a-token-of-the-tests-of-rehearsals";

/** A shop with a planned sale of two items, and an operator who rehearses it. */
export async function startRehearsingApp(test: TestDatabase, env: Record<string, string> = {}) {
  const app = await startTestApp(test, { METRICS_TOKEN, ...env });
  const operator = await signedInOperator(test);
  const { saleId } = await makeSale(test.database, [{ stock: 100 }, { stock: 50 }], {
    startsInMs: 24 * 3_600_000,
    endsInMs: 25 * 3_600_000,
  });
  return { app, operator, saleId };
}

/** Begins one. */
export async function callRehearse(app: TestApp, { token }: TestUser, input: object): Promise<{ rehearsalId: number }> {
  const { body } = await app.mutate("operations.rehearse", input, token);
  if (!body.result) throw new Error(JSON.stringify(body));
  return body.result.data;
}

export async function rehearsalOf(
  app: TestApp,
  { token }: TestUser,
  rehearsalId: number,
): Promise<RehearsalWithReport> {
  return (await app.query("operations.rehearsal", { rehearsalId }, token)).body.result.data;
}

/** Waits for its end, and that nothing is left of it but its row. */
export async function ended(
  test: TestDatabase,
  app: TestApp,
  operator: TestUser,
  rehearsalId: number,
): Promise<RehearsalWithReport> {
  const rehearsal = await eventually(
    "the rehearsal has ended",
    async () => {
      const now = await rehearsalOf(app, operator, rehearsalId);
      return now.endedAt === null ? undefined : now;
    },
    120_000,
  );
  await eventually("its store is gone", async () => (await storesOf(test)).length === 0);
  return rehearsal;
}

/** Schemas of rehearsals that are there. */
export async function storesOf(test: TestDatabase): Promise<string[]> {
  const rows = await test.sql<
    { name: string }[]
  >`select nspname as name from pg_namespace where nspname like '%\\_rehearsal\\_%'`;
  return rows.map(({ name }) => name);
}

/** Everything that the shop's own store holds but what tells of rehearsals. */
export async function dumpOf(test: TestDatabase): Promise<Record<string, string>> {
  const tables = await test.sql<{ name: string }[]>`
    select tablename as name from pg_tables
    where schemaname = ${test.schema} and tablename not in ('rehearsals', 'audit_log') order by 1`;
  const dump: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await test.sql<{ rows: string }[]>`
      select coalesce(string_agg(t::text, E'\n' order by t::text), '') as rows from ${test.sql(name)} as t`;
    dump[name] = row?.rows ?? "";
  }
  return dump;
}

import pg from "pg";
import { PgBoss } from "pg-boss";
import { drain } from "./drain.ts";

/** pg-boss with several workers that each fetch and complete in sets, at once again while sets come back full. */
const { DATABASE_URL: connectionString = "", BENCH_SETTING = "" } = process.env;

const QUEUE = "noop";

/** Larger sets were no faster. */
const BATCH = 500;

await drain(async (work) => {
  const boss = new PgBoss({ connectionString, max: 10, supervise: false, schedule: false });
  boss.on("error", (error) => process.stderr.write(`${error}\n`));
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.work(
    QUEUE,
    {
      batchSize: BATCH,
      localConcurrency: Number(BENCH_SETTING),
      pollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
    },
    async (jobs) => {
      for (const _ of jobs) work();
    },
  );
  const pool = new pg.Pool({ connectionString, max: 1 });
  return {
    async store(count) {
      await boss.insert(
        QUEUE,
        Array.from({ length: count }, (_, n) => ({ data: { n } })),
      );
    },
    async open() {
      const { rows } = await pool.query("select count(*)::int as open from pgboss.job where state < 'completed'");
      return rows[0].open;
    },
    async stop() {
      await boss.stop({ graceful: true });
      await pool.end();
    },
  };
});

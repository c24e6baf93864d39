import { Logger, run } from "graphile-worker";
import pg from "pg";
import { drain } from "./drain.ts";

/**
 * graphile-worker as its page on performance has it: jobs are fetched in sets into a local queue, and completed in sets.
 */
const { DATABASE_URL: connectionString = "", BENCH_SETTING = "" } = process.env;

/** As in its own benchmark. */
const LOCAL_QUEUE = 500;

await drain(async (work) => {
  const pgPool = new pg.Pool({ connectionString, max: 10 });
  // It asks for one.
  pgPool.on("error", (error) => process.stderr.write(`${error}\n`));
  const runner = await run({
    pgPool,
    taskList: { noop: async () => work() },
    noHandleSignals: true,
    // By itself it writes a line for each job.
    logger: new Logger(() => () => {}),
    preset: {
      worker: {
        concurrentJobs: Number(BENCH_SETTING),
        localQueue: { size: LOCAL_QUEUE },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  return {
    async store(count) {
      await pgPool.query(
        `select count(*) from graphile_worker.add_jobs(array(
           select ('noop', json_build_object('n', n), null, null, null, null, null, null)::graphile_worker.job_spec
           from generate_series(1, $1::int) as n
         ))`,
        [count],
      );
    },
    async open() {
      const { rows } = await pgPool.query("select count(*)::int as open from graphile_worker._private_jobs");
      return rows[0].open;
    },
    async stop() {
      await runner.stop();
      await pgPool.end();
    },
  };
});

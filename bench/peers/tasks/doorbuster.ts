import { openDatabase } from "../../../server/database/database.ts";
import { createTasks } from "../../../server/tasks/tasks.ts";
import { Worker } from "../../../server/tasks/worker.ts";
import { superuser } from "../../stage/store.ts";
import { drain } from "./drain.ts";

/** The shop's worker, with a handler that does nothing. */
const { DATABASE_URL: databaseUrl = "", DATABASE_SCHEMA: schema = "", BENCH_SETTING = "" } = process.env;

await drain(async (work) => {
  const database = await openDatabase({ url: databaseUrl, schema, poolSize: 10 });
  const onError = (error: unknown) => process.stderr.write(`${error}\n`);
  const handlers = {
    simulate: {
      async run() {
        work();
        return { kind: "completed", result: null } as const;
      },
    },
  };
  const shared = { database, schema, handlers, instance: `bench ${process.pid}`, onError };
  const tasks = createTasks(shared);
  const worker = new Worker({ ...shared, databaseUrl, sources: [], concurrency: Number(BENCH_SETTING) });
  const sql = superuser(databaseUrl);
  return {
    async store(count) {
      await sql`
        with made as (
          insert into tasks (task_id, kind, payload, trace_id)
          -- Ids as the shop makes them.
          select uuidv7(), 'simulate', jsonb_build_object('n', n), replace(gen_random_uuid()::text, '-', '')
          from generate_series(1, ${count}::int) as n
          returning id
        )
        insert into task_log (task, event, attempt, version) select id, 'submitted', 0, 0 from made`;
      tasks.wake();
    },
    async open() {
      const [row] = await sql<{ open: number }[]>`select count(*)::int as open from tasks where due_at is not null`;
      return row?.open ?? 0;
    },
    async stop() {
      await worker.close();
      await tasks.close();
      await database.close();
      await sql.end();
    },
  };
});

import type { Loop, LoopOptions } from "./closed-loop.ts";
import { Connection } from "./connection.ts";

/**
 * Requests begin when their time has come, whether or not earlier ones are answered, as those of people do. Each takes a
 * free connection; while there is none it waits, and its time runs all the same. A lost connection is replaced.
 */
export async function openLoop({
  target,
  connections,
  perSecond,
  makeRequest,
  onAnswer,
  onLost,
}: LoopOptions & { readonly perSecond: number }): Promise<Loop> {
  const opened = new Set<Connection>();
  const free: Connection[] = [];
  /** When the requests were due that wait, from `head` on. */
  let due: number[] = [];
  let head = 0;
  let ended = false;

  const serve = (connection: Connection) => {
    if (ended) return;
    const dueAt = due[head];
    if (dueAt === undefined) {
      free.push(connection);
      return;
    }
    head += 1;
    if (head === due.length) {
      due = [];
      head = 0;
    }
    connection.send(makeRequest(), dueAt);
  };
  const open = async () => {
    const connection: Connection = await Connection.open({
      ...target,
      onAnswer(answered, answer) {
        onAnswer(answered, answer);
        serve(answered);
      },
      onLost(error) {
        onLost(error);
        opened.delete(connection);
        const at = free.indexOf(connection);
        if (at !== -1) free.splice(at, 1);
        if (!ended) void open().catch(onLost);
      },
    });
    opened.add(connection);
    serve(connection);
  };
  await Promise.all(Array.from({ length: connections }, open));

  const startedAt = performance.now();
  let begun = 0;
  const pacer = setInterval(() => {
    const dueNow = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; begun < dueNow; begun++) {
      const dueAt = startedAt + (begun / perSecond) * 1_000;
      const connection = free.pop();
      if (connection) connection.send(makeRequest(), dueAt);
      else due.push(dueAt);
    }
  }, PACE_MS);
  return {
    unsent: () => due.length - head,
    async end(msMax) {
      ended = true;
      clearInterval(pacer);
      await Promise.all([...opened].map((connection) => connection.finish(msMax)));
    },
  };
}

/** Requests begin in groups of so many ms. */
const PACE_MS = 1;

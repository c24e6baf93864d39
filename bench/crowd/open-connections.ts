import { Connection, type ConnectionOptions } from "../load/connection.ts";

/**
 * Opens connections as pages have them: each has had an answer. So many at a time that no server has to turn one away;
 * one that has never asked for anything is closed by the shop after ten seconds.
 */
export async function openConnections(options: ConnectionOptions, count: number): Promise<Connection[]> {
  const opened: Connection[] = [];
  while (opened.length < count) {
    const more = Math.min(AT_ONCE, count - opened.length);
    opened.push(...(await Promise.all(Array.from({ length: more }, () => openOne(options)))));
  }
  return opened;
}

async function openOne({ onAnswer, onLost, ...target }: ConnectionOptions): Promise<Connection> {
  const greeted = Promise.withResolvers<void>();
  let isGreeted = false;
  const connection = await Connection.open({
    ...target,
    onAnswer(answered, answer) {
      if (isGreeted) return onAnswer(answered, answer);
      isGreeted = true;
      greeted.resolve();
    },
    onLost(error) {
      if (isGreeted) return onLost(error);
      greeted.reject(error);
    },
  });
  connection.send(`GET /health/live HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\n\r\n`, performance.now());
  await greeted.promise;
  return connection;
}

/** Half of what Node lets wait to be accepted. */
const AT_ONCE = 250;

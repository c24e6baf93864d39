import { Connection, type ConnectionOptions } from "../../server/load/connection.ts";

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

async function openOne({ url, onAnswer, onLost }: ConnectionOptions): Promise<Connection> {
  const greeted = Promise.withResolvers<void>();
  let [answer, lose]: [ConnectionOptions["onAnswer"], ConnectionOptions["onLost"]] = [
    () => greeted.resolve(),
    greeted.reject,
  ];
  const connection = await Connection.open({
    url,
    onAnswer: (...answered) => answer(...answered),
    onLost: (error) => lose(error),
  });
  connection.send(`GET /health/live HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`, performance.now());
  await greeted.promise;
  [answer, lose] = [onAnswer, onLost];
  return connection;
}

/** Half of what Node lets wait to be accepted. */
const AT_ONCE = 250;

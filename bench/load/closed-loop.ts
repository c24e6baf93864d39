import { Connection, type ConnectionOptions } from "./connection.ts";

/** Each connection sends its next request when the last one is answered: the server sets the pace. */
export async function closedLoop({ target, connections, makeRequest, onAnswer, onLost }: LoopOptions): Promise<Loop> {
  let ended = false;
  const sendNext = (connection: Connection) => {
    if (!ended) connection.send(makeRequest(), performance.now());
  };
  const opened = await Promise.all(
    Array.from({ length: connections }, () =>
      Connection.open({
        ...target,
        onLost,
        onAnswer(connection, answer) {
          onAnswer(connection, answer);
          sendNext(connection);
        },
      }),
    ),
  );
  for (const connection of opened) sendNext(connection);
  return {
    unsent: () => 0,
    async end(msMax) {
      ended = true;
      await Promise.all(opened.map((connection) => connection.finish(msMax)));
    },
  };
}

export interface LoopOptions extends Pick<ConnectionOptions, "onAnswer" | "onLost"> {
  readonly target: Pick<ConnectionOptions, "host" | "port">;
  readonly connections: number;
  readonly makeRequest: () => string;
}

export interface Loop {
  /** Requests that were due and wait for a free connection. */
  unsent(): number;
  /** Sends nothing more, waits for the answers under way at most so long, and closes all connections. */
  end(msMax: number): Promise<void>;
}

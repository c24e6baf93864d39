import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** Stands between the product and PostgreSQL, and fails as networks do. */
export interface TcpProxy extends AsyncDisposable {
  /** The database's URL, by way of the proxy. */
  readonly url: string;
  /** Connections through it now. */
  readonly connections: number;
  /** Ends all connections with a reset. */
  cut(): void;
  /** Passes nothing on any more, either way, without a word to anyone; new connections are silent too. */
  stall(): void;
  resume(): void;
  /** Connections that were ended at once. */
  readonly refused: number;
  /** Whether new connections are ended at once. */
  refuse(refusing: boolean): void;
  /** The next time a client sends `text`, it reaches the server, but the answer and the connection are lost. */
  loseAnswerTo(text: string): void;
}

export async function createTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let stalled = false;
  let refusing = false;
  let refused = 0;
  let losing: string | undefined;

  const listener = createServer((client) => {
    if (refusing) {
      refused++;
      client.on("error", () => {});
      client.destroy();
      return;
    }
    const server = connect(Number(target.port), target.hostname);
    const pair = { client, server };
    let lost = false;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on("error", end);
      socket.on("close", end);
    }
    client.on("data", (chunk) => {
      if (stalled) return;
      if (losing && chunk.includes(losing)) {
        losing = undefined;
        lost = true;
      }
      server.write(chunk);
    });
    server.on("data", (chunk) => {
      if (stalled) return;
      if (lost) end();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.port = String((listener.address() as AddressInfo).port);

  return {
    url: url.href,
    get connections() {
      return pairs.size;
    },
    get refused() {
      return refused;
    },
    cut() {
      for (const { client, server } of pairs) {
        client.resetAndDestroy();
        server.destroy();
      }
    },
    stall() {
      stalled = true;
    },
    resume() {
      stalled = false;
    },
    refuse(now) {
      refusing = now;
    },
    loseAnswerTo(text) {
      losing = text;
    },
    async [Symbol.asyncDispose]() {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

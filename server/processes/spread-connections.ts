import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/*
 * A connection stays where it was given, and a browser or a proxy keeps its own for minutes. After a process has died
 * and come back, all would stay with the others. So for a while then, a process that has too many of those in use ends
 * some of them with their next answer (`Connection: close`), and their clients connect anew.
 */

/** Counts the connections in use of one process, and ends as many as it is told to. */
export class ConnectionsInUse {
  readonly #used = new Set<Socket>();
  #surplus = 0;

  constructor(server: Server) {
    // Before the application answers.
    server.prependListener("request", (request, response) => this.#onRequest(request, response));
  }

  /** How many are open that had a request since this was asked last. What is left to end is forgotten. */
  count(): number {
    let count = 0;
    this.#surplus = 0;
    for (const socket of this.#used) if (!socket.destroyed) count += 1;
    this.#used.clear();
    return count;
  }

  /** Ends so many of them, each with its next answer. */
  end(surplus: number): void {
    this.#surplus = surplus;
  }

  #onRequest({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#used.add(socket);
    if (this.#surplus === 0) return;
    this.#surplus -= 1;
    response.setHeader("connection", "close");
  }
}

/**
 * How many connections each process should end so that none has far more than its share.
 *
 * @param counts connections in use, of each process
 */
export function surpluses(counts: readonly number[]): number[] {
  const share = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.map((count) => (count > share * UNEVEN + UNEVEN_CONNECTIONS ? Math.floor(count - share) : 0));
}

/** How often they are counted, in all processes at once: a client at work sends something within that time. */
export const COUNT_INTERVAL_MS = 2_000;

/** Less than that nobody notices, and a new connection has a price too. */
const UNEVEN = 1.5;
const UNEVEN_CONNECTIONS = 16;

import { lookup } from "node:dns/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { ACCEPT_BACKLOG } from "../http/connection-limit.ts";
import { explainListenError } from "../http/listen-error.ts";

/** A web process, as far as connections go. */
export interface Host {
  /** Connections that it has, as far as is known. */
  connections: number;
  /** Gives it a copy of a connection; `onTaken` is called when it has it. Ours stays open until then. */
  give(connection: Socket, onTaken: () => void): void;
}

/**
 * Takes all connections in and gives each to the web process that has the fewest. A process gets the next one when it has
 * taken the last: what it would have no time for goes to the others, and when it dies, no more than one connection ends
 * that it never had. While no process is there, connections wait.
 *
 * The processes could also listen for themselves: see docs/decisions/0008-several-processes.md.
 */
export class Reception {
  readonly #hosts = new Set<Host>();
  /** What each of them was given and has not taken. */
  readonly #given = new Map<Host, Socket>();
  readonly #waiting = new Set<Socket>();
  readonly #servers: Server[] = [];

  /**
   * @returns the port
   * @throws ListenError with a sentence for a person
   */
  async open({ host, port }: { host: string; port: number }): Promise<number> {
    const [first = host, ...others] = await addressesOf(host, port);
    const taken = await this.#listen(first, port);
    // As Fastify does: where one version of IP is missing, the other will do.
    for (const address of others) await this.#listen(address, taken).catch(() => {});
    return taken;
  }

  /** Takes nobody in any more. Who waits is sent away. */
  async close(): Promise<void> {
    for (const connection of this.#waiting) connection.destroy();
    // It also waits for the connections of the web processes, which are none of its business.
    for (const server of this.#servers) server.close();
  }

  join(host: Host): void {
    this.#hosts.add(host);
    this.#giveOut();
  }

  /** What it has not taken by now it never will, and the client is to know at once. */
  leave(host: Host): void {
    this.#hosts.delete(host);
    this.#letGo(host);
  }

  async #listen(address: string, port: number): Promise<number> {
    // What its client sends is left for the web process to read.
    const server = createServer({ pauseOnConnect: true }, (connection) => this.#takeIn(connection));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: address, port, backlog: ACCEPT_BACKLOG }, resolve);
      });
    } catch (error) {
      throw explainListenError(error, address, port);
    }
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  #takeIn(connection: Socket): void {
    connection.on("error", () => {});
    connection.on("close", () => this.#waiting.delete(connection));
    if (this.#waiting.size >= WAITING_MAX) {
      connection.destroy();
      return;
    }
    this.#waiting.add(connection);
    this.#giveOut();
  }

  #giveOut(): void {
    for (const connection of this.#waiting) {
      const host = this.#nextHost();
      if (!host) return;
      this.#waiting.delete(connection);
      this.#given.set(host, connection);
      host.connections += 1;
      host.give(connection, () => {
        if (this.#given.get(host) !== connection) return;
        this.#letGo(host);
        this.#giveOut();
      });
    }
  }

  #letGo(host: Host): void {
    this.#given.get(host)?.destroy();
    this.#given.delete(host);
  }

  #nextHost(): Host | undefined {
    let next: Host | undefined;
    for (const host of this.#hosts) {
      if (!this.#given.has(host) && (!next || host.connections < next.connections)) next = host;
    }
    return next;
  }
}

/** "localhost" means this machine by either version of IP, whichever a browser tries. */
async function addressesOf(host: string, port: number): Promise<string[]> {
  if (host !== "localhost") return [host];
  try {
    return [...new Set((await lookup(host, { all: true })).map(({ address }) => address))];
  } catch (error) {
    throw explainListenError(error, host, port);
  }
}

/** They cost files of this process, as those do that wait for the kernel to hand them over. */
const WAITING_MAX = 10_000;

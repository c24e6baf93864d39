import type { Server } from "node:http";
import type { Socket } from "node:net";

/** The connections that a web process was given, instead of having taken them in itself. */
export class ReceivedConnections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #onEmpty: (() => void) | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  get open(): number {
    return this.#open.size;
  }

  receive(connection: Socket): void {
    this.#open.add(connection);
    connection.on("close", () => {
      this.#open.delete(connection);
      if (this.#open.size === 0) this.#onEmpty?.();
    });
    // As the server does with those that it takes in itself.
    connection.setNoDelay(true);
    this.#server.emit("connection", connection);
  }

  /** Resolves when all are closed. The server's own `close` does not know of them. */
  async closed(): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }
}

import { connect, type Socket } from "node:net";
import { type Answer, ResponseParser } from "./response-parser.ts";

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** A request was answered; `sentAt` is the time that was given with it. */
  readonly onAnswer: (connection: Connection, answer: Answer) => void;
  /** The connection ended before its request was answered, or the answer could not be read. */
  readonly onLost: (error: Error) => void;
}

/**
 * A keep-alive HTTP connection with one request under way at a time. It does as little as can be done: requests are
 * made strings, and what arrives is read from one buffer, without streams, events and objects for each message.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #parser = new ResponseParser();
  #idle: (() => void) | undefined;
  #busy = false;
  #ended = false;
  /** When the request under way began, in `performance.now()`. */
  sentAt = 0;

  static open(options: ConnectionOptions): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(options);
      connection.#socket.once("error", reject);
      connection.#socket.once("connect", () => {
        connection.#socket.off("error", reject);
        resolve(connection);
      });
    });
  }

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = connect({
      host: options.host,
      port: options.port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback: (count, buffer) => {
          this.#read(buffer instanceof Buffer ? buffer.subarray(0, count) : Buffer.from(buffer.buffer, 0, count));
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => this.#lose(error));
    this.#socket.on("close", () => this.#lose(new Error("the server closed a connection")));
  }

  send(request: string, sentAt: number): void {
    this.sentAt = sentAt;
    this.#busy = true;
    this.#socket.write(request, "latin1");
  }

  /** Waits for the answer under way, but no longer than that, and closes. */
  async finish(msMax: number): Promise<void> {
    if (this.#busy && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#idle = resolve;
      const timer = setTimeout(resolve, msMax);
      await promise;
      clearTimeout(timer);
    }
    this.#ended = true;
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    let answer: Answer | undefined;
    try {
      answer = this.#parser.push(bytes);
    } catch (error) {
      this.#lose(error as Error);
      return;
    }
    if (!answer) return;
    this.#busy = false;
    this.#idle?.();
    this.#options.onAnswer(this, answer);
  }

  #lose(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#idle?.();
    this.#socket.destroy();
    this.#options.onLost(error);
  }
}

/** Answers have some 1,500 bytes. */
const READ_BYTES = 16 * 1_024;

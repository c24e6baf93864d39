import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, answerReader } from "./answer-reader.ts";

export interface ConnectionOptions {
  /** Of the server, for example http://127.0.0.1:41234. */
  readonly url: string;
  /** A request was answered: the one that was sent at `connection.sentAt`. */
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
  readonly #read = answerReader();
  #isOpen = false;
  /** When the request under way began, in `performance.now()`. */
  sentAt = 0;

  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    await once(connection.#socket, "connect");
    connection.#isOpen = true;
    return connection;
  }

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    const { hostname: host, port } = new URL(options.url);
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const callback = (count: number) => {
      this.#take(buffer.subarray(0, count));
      return true;
    };
    this.#socket = connect({ host, port: Number(port), noDelay: true, onread: { buffer, callback } });
    this.#socket.on("error", (error) => this.#lose(error));
    this.#socket.on("close", () => this.#lose(new Error("the server closed a connection")));
  }

  send(request: string, sentAt: number): void {
    this.sentAt = sentAt;
    this.#socket.write(request, "latin1");
  }

  /** Whatever is under way is neither answered nor lost. */
  close(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    let answer: Answer | undefined;
    try {
      answer = this.#read(bytes);
    } catch (error) {
      this.#lose(error as Error);
    }
    if (answer) this.#options.onAnswer(this, answer);
  }

  #lose(error: Error): void {
    if (!this.#isOpen) return;
    this.close();
    this.#options.onLost(error);
  }
}

/** Answers have some 1,500 bytes. */
const READ_BYTES = 16 * 1_024;

/** Until nothing is under way any more, but not for ever. */
export async function untilAnswered(underWay: () => number): Promise<void> {
  for (const endsAt = performance.now() + ANSWER_MS_MAX; underWay() > 0 && performance.now() < endsAt; ) {
    await sleep(LOOK_MS);
  }
}

/** Longer than the shop lets anybody wait. */
const ANSWER_MS_MAX = 20_000;
const LOOK_MS = 20;

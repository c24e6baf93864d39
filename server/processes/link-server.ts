import { timingSafeEqual } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { Desk } from "../purchases/desk.ts";
import { FrameReader, toFrame } from "./frames.ts";
import { type Answer, type AnswerMessage, type Ask, type AskMessage, sentFault } from "./link-messages.ts";

/**
 * Settles at this process's desk what other processes ask for. All that is decided in one turn of the event loop is
 * answered in one message; an asker that is gone has its requests settled all the same, and finds them by their keys.
 */
export class LinkServer {
  readonly #desk: Desk;
  readonly #password: string;
  readonly #server = createServer((socket) => this.#welcome(socket));
  readonly #askers = new Set<Asker>();
  #leaving = false;
  #underWay = 0;
  #idle: (() => void) | undefined;

  constructor(desk: Desk, password: string) {
    this.#desk = desk;
    this.#password = password;
  }

  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, resolve);
    });
    this.#server.unref();
  }

  /** Takes nothing more, and says so; what was taken is still answered. */
  leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    for (const asker of this.#askers) asker.say({ leaving: true });
  }

  /** Takes nothing more, and ends all connections when everything that was taken is answered. */
  async close(): Promise<void> {
    this.leave();
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const asker of this.#askers) asker.end();
    await closed;
  }

  #welcome(socket: Socket): void {
    const asker = new Asker(socket);
    const reader = new FrameReader();
    let isKnown = false;
    socket.on("data", (bytes) => {
      try {
        for (const message of reader.push(bytes) as AskMessage[]) {
          isKnown ||= isSame(message.password, this.#password);
          if (!isKnown) throw new Error("somebody else");
          this.#receive(asker, message);
        }
      } catch {
        socket.destroy();
      }
    });
    // Whatever the error is, the end of the connection follows it.
    socket.on("error", () => {});
    socket.on("close", () => this.#askers.delete(asker));
    this.#askers.add(asker);
    if (this.#leaving) asker.say({ leaving: true });
  }

  #receive(asker: Asker, { asks }: AskMessage): void {
    if (!asks) asker.say({});
    else for (const ask of asks) void this.#settle(asker, ask);
  }

  async #settle(asker: Asker, [number, userId, itemId, quantity, idempotencyKey]: Ask): Promise<void> {
    if (this.#leaving) {
      asker.answer([number, "not taken"]);
      return;
    }
    this.#underWay += 1;
    try {
      asker.answer([number, "decided", await this.#desk.buy({ userId, itemId, quantity, idempotencyKey })]);
    } catch (error) {
      asker.answer([number, "failed", sentFault(error)]);
    }
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#idle?.();
  }
}

/** One process that asks. */
class Asker {
  readonly #socket: Socket;
  #outbox: Answer[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  answer(answer: Answer): void {
    if (this.#outbox.length === 0) setImmediate(() => this.#send());
    this.#outbox.push(answer);
  }

  say(message: AnswerMessage): void {
    if (this.#socket.writable) this.#socket.write(toFrame(message));
  }

  end(): void {
    this.#send();
    // A process that stands still would keep this one from ending.
    this.#socket.end(() => this.#socket.destroy());
    this.#socket.unref();
  }

  #send(): void {
    const answers = this.#outbox;
    this.#outbox = [];
    for (let start = 0; start < answers.length; start += ANSWERS_PER_MESSAGE) {
      this.say({ answers: answers.slice(start, start + ANSWERS_PER_MESSAGE) });
    }
  }
}

/** Some 300 bytes each. */
const ANSWERS_PER_MESSAGE = 512;

function isSame(shown: string | undefined, password: string): boolean {
  if (shown?.length !== password.length) return false;
  return timingSafeEqual(Buffer.from(shown), Buffer.from(password));
}

import { connect, type Socket } from "node:net";

export type Reply = string | number | null;

/**
 * A connection to Redis that pipelines by itself: whatever is called in one turn of the event loop travels in one
 * write. It knows what the peer needs and no more (commands of strings; strings, integers, errors and null as answers), so
 * that a command costs less here than with a general client.
 */
export class RedisClient {
  readonly #socket: Socket;
  #outgoing = "";
  #incoming = "";
  readonly #waiting: PromiseWithResolvers<Reply>[] = [];
  /** Those before it are answered. */
  #head = 0;

  static open(port: number): Promise<RedisClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new RedisClient(socket)));
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text) => this.#read(String(text)));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the connection to Redis ended")));
  }

  /** @param args ASCII; @throws when Redis answers with an error or the connection ends */
  call(...args: string[]): Promise<Reply> {
    const answer = Promise.withResolvers<Reply>();
    this.#waiting.push(answer);
    if (this.#outgoing === "") setImmediate(() => this.#flush());
    let command = `*${args.length}\r\n`;
    for (const arg of args) command += `$${arg.length}\r\n${arg}\r\n`;
    this.#outgoing += command;
    return answer.promise;
  }

  close(): void {
    this.#socket.end();
  }

  #flush(): void {
    this.#socket.write(this.#outgoing, "latin1");
    this.#outgoing = "";
  }

  #read(text: string): void {
    const whole = this.#incoming + text;
    let at = 0;
    while (at < whole.length) {
      const lineEnd = whole.indexOf("\r\n", at);
      if (lineEnd === -1) break;
      const kind = whole[at];
      const line = whole.slice(at + 1, lineEnd);
      let end = lineEnd + 2;
      let reply: Reply | Error = line;
      if (kind === "$" && line === "-1") reply = null;
      else if (kind === "$") {
        const start = end;
        end = start + Number(line) + 2;
        if (whole.length < end) break;
        reply = whole.slice(start, end - 2);
      } else if (kind === ":") reply = Number(line);
      else if (kind === "-") reply = new Error(line);
      else if (kind !== "+") reply = new Error(`an answer of Redis that is not foreseen: ${kind}`);
      this.#answer(reply);
      at = end;
    }
    this.#incoming = whole.slice(at);
  }

  #answer(reply: Reply | Error): void {
    const answer = this.#waiting[this.#head];
    this.#head += 1;
    if (this.#head === this.#waiting.length || this.#head >= ANSWERED_KEPT_MAX) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    if (reply instanceof Error) answer?.reject(reply);
    else answer?.resolve(reply);
  }

  #fail(error: Error): void {
    for (const answer of this.#waiting.splice(this.#head)) answer.reject(error);
    this.#waiting.length = 0;
    this.#head = 0;
  }
}

/** Removing each one that is answered would move all that wait. */
const ANSWERED_KEPT_MAX = 1_024;

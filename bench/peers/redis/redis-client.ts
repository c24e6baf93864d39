import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Reply = string | number | null;

/**
 * A connection to Redis that pipelines by itself: whatever is called in one turn of the event loop travels in one
 * write. It knows what the peer needs and no more (commands of strings; strings, integers, errors and null as answers), so
 * that a command costs a third of what it costs with a general client (README.md).
 */
export class RedisClient {
  readonly #socket: Socket;
  readonly #waiting: PromiseWithResolvers<Reply>[] = [];
  #outgoing = "";
  #incoming = "";

  static async open(port: number): Promise<RedisClient> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    return new RedisClient(socket);
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
    for (;;) {
      const lineEnd = whole.indexOf("\r\n", at);
      if (lineEnd === -1) break;
      const kind = whole[at];
      const line = whole.slice(at + 1, lineEnd);
      const start = lineEnd + 2;
      const isText = kind === "$" && line !== "-1";
      const end = isText ? start + Number(line) + 2 : start;
      if (whole.length < end) break;
      at = end;
      const answer = this.#waiting.shift();
      if (isText) answer?.resolve(whole.slice(start, end - 2));
      else if (kind === "$") answer?.resolve(null);
      else if (kind === "+") answer?.resolve(line);
      else if (kind === ":") answer?.resolve(Number(line));
      else answer?.reject(new Error(line));
    }
    this.#incoming = whole.slice(at);
  }

  #fail(error: Error): void {
    for (const answer of this.#waiting.splice(0)) answer.reject(error);
  }
}

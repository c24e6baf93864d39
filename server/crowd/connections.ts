import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../load/answer-reader.ts";
import { Connection } from "../load/connection.ts";

/**
 * The connections of a crowd: one for each request under way, as browsers have them, up to a bound. Who comes when all are in
 * use waits for one, which counts as waiting for the answer.
 */
export class Connections {
  readonly #url: string;
  readonly #max: number;
  readonly #lines = new Set<Line>();
  readonly #idle: Line[] = [];
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;

  constructor({ url, max }: { readonly url: string; readonly max: number }) {
    this.#url = url;
    this.#max = max;
  }

  /**
   * Sends a request. Resolves with its answer, or with undefined when none arrives.
   *
   * @param options.dropAfterMs closes the connection so long after the request was sent: what was answered by then is lost
   */
  async request(text: string, { dropAfterMs }: { readonly dropAfterMs?: number | undefined } = {}) {
    await this.#enter();
    try {
      const line = this.#idleLine() ?? (await this.#openLine());
      const answered = new Promise<Answer | undefined>((resolve) => (line.onAnswer = resolve));
      line.connection.send(text, performance.now());
      const answer = dropAfterMs === undefined ? await answered : await sleep(dropAfterMs, undefined);
      if (answer) this.#idle.push(line);
      else this.#end(line);
      return answer;
    } catch {
      // The server takes no more connections, or is gone.
      return undefined;
    } finally {
      this.#inUse -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** What is under way gets no answer. */
  close(): void {
    for (const line of this.#lines) this.#end(line);
  }

  async #enter(): Promise<void> {
    if (this.#inUse >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#inUse += 1;
  }

  #idleLine(): Line | undefined {
    for (let line = this.#idle.pop(); line; line = this.#idle.pop()) if (this.#lines.has(line)) return line;
    return undefined;
  }

  async #openLine(): Promise<Line> {
    const onAnswer = (answer: Answer) => line.onAnswer(answer);
    const onLost = () => this.#end(line);
    const line: Line = {
      connection: await Connection.open({
        url: this.#url,
        onAnswer: (_connection, answer) => onAnswer(answer),
        onLost,
      }),
      onAnswer: () => {},
    };
    this.#lines.add(line);
    return line;
  }

  #end(line: Line): void {
    this.#lines.delete(line);
    line.connection.close();
    line.onAnswer(undefined);
  }
}

interface Line {
  readonly connection: Connection;
  onAnswer: (answer: Answer | undefined) => void;
}

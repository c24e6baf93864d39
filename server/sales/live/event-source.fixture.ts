import { EventStreamParser } from "../../../client/sdk/event-stream.ts";

/** As much of a browser's EventSource as tRPC's client uses: one connection, no reconnecting. */
export class FetchEventSource extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState = 0;
  readonly #controller = new AbortController();

  constructor(url: string) {
    super();
    this.#read(url).catch(() => this.#fail());
  }

  close(): void {
    this.readyState = this.CLOSED;
    this.#controller.abort();
  }

  async #read(url: string): Promise<void> {
    const response = await fetch(url, {
      headers: { accept: "text/event-stream" },
      signal: this.#controller.signal,
    });
    if (!response.body || !response.headers.get("content-type")?.startsWith("text/event-stream")) return this.#fail();
    this.readyState = this.OPEN;
    const parser = new EventStreamParser();
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      for (const { event, data } of parser.push(piece)) {
        this.dispatchEvent(new MessageEvent(event, { data }));
      }
    }
    this.#fail();
  }

  #fail(): void {
    if (this.readyState === this.CLOSED) return;
    this.close();
    this.dispatchEvent(new Event("error"));
  }
}

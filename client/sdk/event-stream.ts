/** One event of a `text/event-stream`. */
export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events out of text that arrives in pieces, cut anywhere. Events without data are kept: a ping
 * is one. An event that the stream ends in the middle of is dropped, as the standard says.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventStreamParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #dataCharacters = 0;
  #isStart = true;

  /**
   * @returns the events that this piece completed
   * @throws {RangeError} an event larger than any that the shop sends
   */
  push(piece: string): StreamEvent[] {
    let text = this.#rest + piece;
    if (this.#isStart && text.length > 0) {
      this.#isStart = false;
      if (text.startsWith("\ufeff")) text = text.slice(1);
    }
    // A carriage return at the very end may be the first half of a line break: it waits for what follows.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    const events = lines.flatMap((line) => this.#take(line));
    if (this.#rest.length + this.#dataCharacters > EVENT_CHARACTERS_MAX) {
      throw new RangeError(`An event of more than ${EVENT_CHARACTERS_MAX} characters`);
    }
    return events;
  }

  #take(line: string): StreamEvent[] {
    if (line === "") return this.#complete();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") {
      this.#data.push(value);
      this.#dataCharacters += value.length;
    }
    return [];
  }

  #complete(): StreamEvent[] {
    const event = { event: this.#event || "message", data: this.#data.join("\n") };
    const isEmpty = this.#event === "" && this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    this.#dataCharacters = 0;
    return isEmpty ? [] : [event];
  }
}

/** Far above the update of a sale of 200 items, the most that one can have (about 12,000). */
const EVENT_CHARACTERS_MAX = 1_000_000;

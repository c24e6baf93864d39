import type { SaleUpdate } from "../../../shared/sales.ts";
import { EventBytes } from "./event-bytes.ts";

/** An update, and its bytes as an event of a stream: made once, however many viewers they go to. */
export class Frame {
  readonly update: SaleUpdate;
  #event: EventBytes | undefined;

  constructor(update: SaleUpdate) {
    this.update = update;
  }

  /** A server-sent event in the words of tRPC's subscriptions. */
  get event(): EventBytes {
    this.#event ??= new EventBytes(`data: ${JSON.stringify(this.update)}\n\n`);
    return this.#event;
  }
}

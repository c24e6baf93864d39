import type { SaleUpdate } from "../../../shared/sales.ts";

/** An update, and its bytes as an event of a stream: made once, whoever many viewers they go to. */
export class Frame {
  readonly update: SaleUpdate;
  #event: Buffer | undefined;

  constructor(update: SaleUpdate) {
    this.update = update;
  }

  /** A server-sent event in the words of tRPC's subscriptions. */
  get event(): Buffer {
    this.#event ??= Buffer.from(`data: ${JSON.stringify(this.update)}\n\n`);
    return this.#event;
  }
}

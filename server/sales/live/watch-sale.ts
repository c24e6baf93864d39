import type { SaleUpdate } from "../../../shared/sales.ts";
import type { SaleHub, Watcher } from "./sale-hub.ts";

/**
 * Follows a sale: its present state first, then each newer one; a reader that is slow gets the newest. The updates end
 * when the signal is aborted, when the reader returns, and when this process stops.
 *
 * @throws Fault NOT_FOUND for an unknown sale, OVERLOADED or RATE_LIMITED when there are too many viewers
 */
export async function watchSale(
  hub: Pick<SaleHub, "join">,
  saleId: number,
  { signal, watcher }: WatchOptions = {},
): Promise<AsyncIterableIterator<SaleUpdate, undefined>> {
  const newest = new NewestOnly<SaleUpdate>();
  const viewer = { receive: (frame: { update: SaleUpdate }) => newest.put(frame.update), end: () => newest.end() };
  const leave = await hub.join(saleId, viewer, watcher);

  const stop = () => {
    newest.end();
    signal?.removeEventListener("abort", stop);
    leave();
  };
  if (signal?.aborted) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  const updates: AsyncIterableIterator<SaleUpdate, undefined> = {
    next: () => newest.next(),
    async return() {
      stop();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => updates,
  };
  return updates;
}

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Takes a slot where slots are limited; absent for the server's own viewers. */
  readonly watcher?: Watcher | undefined;
}

/**
 * A mailbox with one place: what is put in takes the place of what was not yet taken out. So a reader that is slower
 * than the writer misses what is out of date, never the newest, and holds no memory.
 */
class NewestOnly<Value> implements AsyncIterator<Value, undefined> {
  #waiting: ((result: IteratorResult<Value, undefined>) => void) | undefined;
  #newest: { value: Value } | undefined;
  #ended = false;

  put(value: Value): void {
    if (this.#ended) return;
    if (this.#waiting) this.#answer({ done: false, value });
    else this.#newest = { value };
  }

  /** What lies in the mailbox is dropped; a reader that waits is let go. */
  end(): void {
    this.#ended = true;
    this.#newest = undefined;
    this.#answer({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const newest = this.#newest;
    if (newest) {
      this.#newest = undefined;
      return Promise.resolve({ done: false, value: newest.value });
    }
    // One reader at a time: an earlier call that still waits is let go.
    this.#answer({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #answer(result: IteratorResult<Value, undefined>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(result);
  }
}

import type { SaleUpdate } from "../../../shared/sales.ts";
import { NewestOnly } from "./newest-only.ts";
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

import { createDoorbusterClient, type DoorbusterClient } from "../../client/sdk/index.ts";
import { repeat } from "../../server/concurrency/repeat.ts";
import { countSeconds } from "../../server/figures/count-seconds.ts";
import type { Contestant, Figure } from "../figure.ts";
import { makeHotItem, openShop, overHttp, type UnderLoad } from "./over-http.ts";

/**
 * What buyers of one hot item notice of three operators who watch it, and of the counting that they watch. One server in turns,
 * as in SEALED.
 */
export const consoles: Figure = {
  id: "CONSOLE",
  what: "P1 while three consoles watch the sale",
  unit: "purchases/s",
  targets: [{ against: "without", atLeast: 0.97 }],
  async prepare(stage) {
    const shop = await openShop(stage);
    const itemId = await makeHotItem(shop.store);
    const buying = (name: string) => overHttp(shop, { name, itemIds: [itemId] });
    return {
      subject: await besideConsoles(shop, itemId, buying("with consoles")),
      peers: [buying("without")],
    };
  },
};

const CONSOLES = 3;

async function besideConsoles({ store, server }: UnderLoad, itemId: number, buying: Contestant): Promise<Contestant> {
  const operators = store.buyers.slice(0, CONSOLES);
  await store.sql`update users set role = 'operator' where id in ${store.sql(operators.map(({ userId }) => userId))}`;
  const [item] = await store.sql<{ sale_id: number }[]>`select sale_id::int from items where id = ${itemId}`;
  if (!item) throw new Error("the item is gone");
  const saleId = item.sale_id;
  return {
    name: buying.name,
    async round() {
      await server.warm();
      // Of the round without consoles: it is no cost of this one.
      while (await countSeconds(store.database, { settledMs: 0 }));
      const closing = new AbortController();
      const updates = operators.map(({ credential }) =>
        look(createDoorbusterClient({ url: server.url, token: credential }), saleId, closing.signal),
      );
      const counting = count(store);
      const { value, details } = await buying.round();
      closing.abort();
      const [counts, ...seen] = await Promise.all([counting.end(), ...updates]);
      if (seen.some((count) => count === 0)) throw new Error("a console saw nothing");
      return { value, details: { ...details, "updates seen": Math.min(...seen), "attempts counted": counts } };
    },
  };
}

/** As the page does: the stream, and what the glance at the top asks for in its turns. */
async function look(shop: DoorbusterClient, saleId: number, signal: AbortSignal): Promise<number> {
  const ask = (everyMs: number, question: () => Promise<unknown>) =>
    repeat(() => question().then(() => {}), { everyMs, onError: () => {} });
  const asking = [
    ask(1_000, () => shop.warehouse.breaker({ signal })),
    ask(1_000, () => shop.operations.chaosState({ signal })),
    ask(2_000, () => shop.operations.metrics({ signal })),
    ask(5_000, () => shop.operations.reconcileState({ signal })),
  ];
  let updates = 0;
  for await (const _ of shop.figures.watch({ saleId }, { signal })) updates += 1;
  await Promise.all(asking.map((asked) => asked.close()));
  return updates;
}

/**
 * The worker's part, with as much to count as a sale that lasts gives it: nothing of a short round would be as old as a worker
 * waits.
 */
function count({ database, sql }: UnderLoad["store"]) {
  const counting = repeat(async () => ((await countSeconds(database, { settledMs: SETTLED_MS })) ? 250 : 1_000), {
    everyMs: 1_000,
    onError: () => {},
  });
  return {
    async end(): Promise<number> {
      await counting.close();
      const [row] = await sql<{ attempts: number }[]>`
        select coalesce(sum(attempts), 0)::int as attempts from attempt_seconds`;
      return row?.attempts ?? 0;
    },
  };
}

const SETTLED_MS = 2_000;

import type { CalledProcess } from "../../server/processes/called-process.ts";
import type { SearchMethods } from "../crowd/searches.ts";
import type { Contestant, Figure } from "../figure.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import type { Store } from "../stage/store.ts";
import { makeHotItem, openShop, overHttp } from "./over-http.ts";

/** P17: what buyers of one hot item notice of a crowd that searches a great catalogue as dearly as it can. */
export const searches: Figure = {
  id: "P17",
  what: "P1 beside 12 connections that search 100,000 products, 20 at a time",
  unit: "purchases/s",
  targets: [{ against: "without", atLeast: 0.9 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    await makeCatalogue(store);
    const shop = await openShop(stage, store);
    const itemIds = [await makeHotItem(store)];
    const crowd = await stage.startChild<SearchMethods>("crowd/searches.ts");
    return {
      subject: besideSearches(crowd, shop.server, overHttp(shop, { name: "with searches", itemIds })),
      peers: [overHttp(shop, { name: "without", itemIds })],
    };
  },
};

function besideSearches(crowd: CalledProcess<SearchMethods>, { url }: ServerProcess, buying: Contestant): Contestant {
  return {
    name: buying.name,
    async round() {
      await crowd.call("begin", { url, connections: CONNECTIONS });
      const { value, details } = await buying.round();
      const { answered, found } = await crowd.call("end");
      if (answered === 0) throw new Error("nobody searched");
      return { value, details: { ...details, "batches answered": answered, "searches that found": found } };
    },
  };
}

const CONNECTIONS = 12;

async function makeCatalogue({ sql }: Store): Promise<void> {
  await sql`
    insert into products (name, description, price_cents)
    select
      initcap(words[1 + n % cardinality(words)]) || ' ' || n,
      -- Each word in three of four of them.
      (select string_agg(word, ' ') from unnest(words) as word where hashtext(word || n) % 4 <> 0),
      1000
    from generate_series(1, ${PRODUCTS}::int) as n, (select ${WORDS}::text[] as words) as vocabulary`;
  await sql`vacuum (analyze) products`;
}

const PRODUCTS = 100_000;

const WORDS =
  "lamp desk light wooden metal garden kitchen office chair table black white sneaker camera phone battery speaker headset".split(
    " ",
  );

import type { Contestant, Figure } from "../figure.ts";
import type { SearchProcess } from "../searches/search-process.ts";
import { startSearches } from "../searches/search-process.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import type { Store } from "../stage/store.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

/** P17: what buyers of one hot item notice of a crowd that searches a great catalogue as dearly as it can. */
export const searches: Figure = {
  id: "P17",
  what: "P1 beside 12 connections that search 100,000 products, 20 at a time",
  unit: "purchases/s",
  targets: [{ against: "without", atLeast: 0.9 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    await makeCatalogue(store);
    const load = await stage.startLoad(store);
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const work = hotWork(await makeHotItem(store));
    const crowd = await startSearches(stage);
    const contestant = (name: string) =>
      overHttp({ stage, name, server, load, work, connections: BUYING_CONNECTIONS, expected: "purchased" });
    return {
      subject: besideSearches({ crowd, server }, contestant("with searches")),
      peers: [contestant("without")],
    };
  },
};

function besideSearches(
  { crowd, server }: { crowd: SearchProcess; server: ServerProcess },
  buying: Contestant,
): Contestant {
  return {
    name: buying.name,
    async round() {
      crowd.search({ url: server.url, connections: CONNECTIONS });
      const { value, details } = await buying.round();
      const { statuses, found } = await crowd.stop();
      const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
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

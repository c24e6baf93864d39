import { sql } from "drizzle-orm";
import { sealRegularly } from "../../server/chain/seal-regularly.ts";
import type { Contestant, Figure } from "../figure.ts";
import type { Store } from "../stage/store.ts";
import { makeHotItem, openShop, overHttp } from "./over-http.ts";

/**
 * What buyers of one hot item pay for the tamper-evident chain: its index on attempts, and a worker that seals for as long as
 * they buy. Both contestants are one server in turns: of two alike, V8 compiles one better than the other by up to a tenth.
 */
export const sealedMeanwhile: Figure = {
  id: "SEALED",
  what: "P1, sealed meanwhile, beside P1 without the chain",
  unit: "purchases/s",
  targets: [{ against: "without", atLeast: 0.97 }],
  async prepare(stage) {
    const shop = await openShop(stage);
    const itemIds = [await makeHotItem(shop.store)];
    const buying = (name: string) => overHttp(shop, { name, itemIds });
    const index = await readIndex(shop.store);
    return {
      subject: besideASealer(shop.store, buying("sealed"), index),
      peers: [withoutIndex(shop.store, buying("without"))],
    };
  },
};

const INDEX = "purchase_attempts_by_time";

/** The statement that makes it, where it is not there. */
async function readIndex({ sql: superuser }: Store): Promise<string> {
  const [row] = await superuser<{ statement: string }[]>`select pg_get_indexdef(${INDEX}::regclass) as statement`;
  if (!row) throw new Error(`${INDEX} is gone`);
  return row.statement.replace(" INDEX ", " INDEX IF NOT EXISTS ");
}

function withoutIndex({ sql: superuser }: Store, buying: Contestant): Contestant {
  return {
    name: buying.name,
    async round() {
      await superuser`drop index if exists ${superuser(INDEX)}`;
      return buying.round();
    },
  };
}

function besideASealer({ database, sql: superuser }: Store, buying: Contestant, index: string): Contestant {
  const countSealed = async () => {
    const [row] = await database.db.execute<{ count: number }>(sql`
      select coalesce(sum(count), 0)::bigint as count from chain_sets where source = 'purchase_attempts'
    `);
    return row?.count ?? 0;
  };
  return {
    name: buying.name,
    async round() {
      await superuser.unsafe(index);
      const before = await countSealed();
      const failures: unknown[] = [];
      const sealing = sealRegularly(database, { lagMs: 0, everyMs: 1_000, onError: (error) => failures.push(error) });
      const { value, details } = await buying.round().finally(() => sealing.close());
      if (failures.length > 0) throw failures[0];
      return { value, details: { ...details, "attempts sealed": (await countSealed()) - before } };
    },
  };
}

import { sql } from "drizzle-orm";
import { sealRegularly } from "../../server/chain/seal-regularly.ts";
import type { Contestant, Figure } from "../figure.ts";
import { openShop, overHttp, type UnderLoad } from "./over-http.ts";

/**
 * What buyers of one hot item pay for the tamper-evident chain: its index on attempts, and a worker that seals for as long as
 * they buy. In each round it seals what was bought in those before, as fast as it ever does.
 */
export const sealedMeanwhile: Figure = {
  id: "SEALED",
  what: "P1, sealed meanwhile, beside P1 without the chain",
  unit: "purchases/s",
  targets: [{ against: "without", atLeast: 0.97 }],
  async prepare(stage) {
    const [sealed, plain] = [await openShop(stage), await openShop(stage)];
    await plain.store.sql`drop index purchase_attempts_by_time`;
    return {
      subject: besideASealer(sealed, overHttp(sealed, { name: "sealed" })),
      peers: [overHttp(plain, { name: "without" })],
    };
  },
};

function besideASealer({ store: { database } }: UnderLoad, buying: Contestant): Contestant {
  const countSealed = async () => {
    const [row] = await database.db.execute<{ count: number }>(sql`
      select coalesce(sum(count), 0)::bigint as count from chain_sets where source = 'purchase_attempts'
    `);
    return row?.count ?? 0;
  };
  return {
    name: buying.name,
    async round() {
      const before = await countSealed();
      const failures: unknown[] = [];
      const sealing = sealRegularly(database, { onError: (error) => failures.push(error) });
      const { value, details } = await buying.round().finally(() => sealing.close());
      if (failures.length > 0) throw failures[0];
      return { value, details: { ...details, "attempts sealed": (await countSealed()) - before } };
    },
  };
}

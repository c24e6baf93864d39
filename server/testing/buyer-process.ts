import { once } from "node:events";
import { openDatabase } from "../database/database.ts";
import { PurchaseBatcher } from "../purchases/buy.ts";

/**
 * A process of its own that buys one item for each of many buyers, for tests that need several servers on one
 * database. Its instructions are its argument, as JSON. It says "ready" when it is connected, waits for a line on its
 * standard input, buys everything at once, and answers the results as one line of JSON.
 */
const { url, schema, itemId, userIds, key } = JSON.parse(process.argv[2] ?? "") as BuyerInstructions;

const database = await openDatabase({ url, schema, poolSize: 4 });
const batcher = new PurchaseBatcher(database);
process.stdout.write("ready\n");
await once(process.stdin, "data");
const results = await Promise.all(
  userIds.map((userId) => batcher.buy({ userId, itemId, quantity: 1, idempotencyKey: key })),
);
process.stdout.write(`${JSON.stringify(results)}\n`);
await database.close();
process.stdin.destroy();

export interface BuyerInstructions {
  readonly url: string;
  readonly schema: string;
  readonly itemId: number;
  readonly userIds: readonly string[];
  /** The same for every buyer. */
  readonly key: string;
}

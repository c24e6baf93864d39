import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { reconcile } from "../operations/reconcile.ts";
import type { BuyerInstructions } from "../testing/buyer-process.ts";
import { makeBuyers, makeItem } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";

it("three processes that sell one item to the same buyers with the same keys sell it as one would", async () => {
  await using test = await createTestDatabase();
  const itemId = await makeItem(test.database, { stock: 100 });
  const userIds = await makeBuyers(test.database, 400);
  const instructions = { url: test.url, schema: test.schema, itemId, userIds, key: "k" };
  const processes = await Promise.all([1, 2, 3].map(() => startBuyer(instructions)));
  const answers = await Promise.all(processes.map((buyer) => buyer.buy()));

  for (const results of answers) {
    expect(results.filter((result) => result.outcome === "purchased")).toHaveLength(100);
    expect(results.map(withoutReplayed)).toEqual(answers[0]?.map(withoutReplayed));
  }
  expect(answers.flat().filter((result) => !result.replayed)).toHaveLength(400);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

/** Starts a buyer and resolves when it is connected; `buy` releases it. */
async function startBuyer(instructions: BuyerInstructions) {
  const script = new URL("../testing/buyer-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(instructions)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect(await nextLine(child, lines)).toBe("ready");
  return {
    buy: async (): Promise<PurchaseResult[]> => {
      child.stdin.write("go\n");
      return JSON.parse(await nextLine(child, lines));
    },
  };
}

async function nextLine(child: ChildProcess, lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error(`buyer ${child.pid} ended with ${child.exitCode}`);
  return value;
}

function withoutReplayed({ replayed: _, ...result }: PurchaseResult) {
  return result;
}

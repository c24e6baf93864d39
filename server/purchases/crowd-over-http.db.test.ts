import { expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { mintTokens } from "../accounts/mint-tokens.ts";
import { startTestApp, TEST_SECRET, type TestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { makeItem } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";

it("sells 100 units to 2,000 signed-in buyers at two servers, and answers them the same when all send it again, three times", async () => {
  await using test = await createTestDatabase();
  await using first = await startTestApp(test);
  await using second = await startTestApp(test);
  const itemId = await makeItem(test.database, { stock: 100 });
  const minting = { database: test.database, signer: new CredentialSigner(TEST_SECRET) };
  const minted = await mintTokens(minting, { count: 2_000, balanceCents: 1_000_000 });
  const tokens = minted.map((buyer) => String(buyer.credential));
  const at = (index: number) => (index % 2 ? first : second);

  const answers = await Promise.all(tokens.map((token, index) => buy(at(index), token, itemId)));
  const positions = answers.flatMap((answer) => (answer.outcome === "purchased" ? [answer.position] : []));
  expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  const refusals = answers.filter((answer) => answer.outcome === "refused");
  expect(new Set(refusals.map((refusal) => refusal.code))).toEqual(new Set(["OUT_OF_STOCK"]));

  for (const time of [1, 2, 3]) {
    const again = await Promise.all(tokens.map((token, index) => buy(at(index + time), token, itemId)));
    expect(again).toEqual(answers.map((answer) => ({ ...answer, replayed: true })));
  }
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
}, 180_000);

async function buy(app: TestApp, token: string, itemId: number): Promise<PurchaseResult> {
  const { body } = await app.mutate("purchases.buy", { itemId, idempotencyKey: "one-key" }, token);
  return body.result?.data ?? Promise.reject(new Error(JSON.stringify(body)));
}

import { expect, it } from "vitest";
import { createDoorbusterClient } from "../../client/sdk/index.ts";
import { signedInBuyer, signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { createTestDatabase } from "../testing/test-database.ts";

it("sells a basket to a program: from the goods that come in to the money that goes back", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { url } = app;
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const operator = await signedInOperator(test);
  const shop = createDoorbusterClient({ url, token: buyer.token });
  const console = createDoorbusterClient({ url, token: operator.token });

  const lamp = await console.products.create({ name: "Lamp", priceCents: 1_500 });
  expect(await console.products.receive({ productId: lamp.id, units: 3 })).toMatchObject({ unitsAfter: 3 });
  const { items: found } = await createDoorbusterClient({ url }).products.list({ search: "lam" });
  expect(found).toMatchObject([{ id: lamp.id, units: 3 }]);

  const short = await shop.orders.place({ lines: [{ productId: lamp.id, quantity: 4 }] });
  expect(short).toMatchObject({ code: "INSUFFICIENT_INVENTORY", problems: [{ requested: 4, available: 3 }] });
  const idempotencyKey = "a-wish";
  const result = await shop.orders.place({ lines: [{ productId: lamp.id, quantity: 2 }], idempotencyKey });
  if (result.outcome !== "placed") throw new Error(result.message);
  const { order } = result;
  expect(await shop.orders.byKey({ idempotencyKey })).toEqual(order);
  expect(await shop.orders.byId({ orderId: order.orderId })).toEqual(order);
  expect((await shop.orders.mine()).items).toEqual([order]);

  const refund = await console.orders.refund({ orderId: order.orderId, reason: "Broken" });
  expect(refund).toMatchObject({ outcome: "refunded", order: { status: "refunded", errorMessage: "Broken" } });
  expect(await shop.wallets.mine()).toMatchObject({ balanceCents: 5_000 });
  const { items: entries } = await console.audit.list({ subject: `order:${order.orderId}` });
  expect(entries.map(({ action }) => action)).toEqual(["orders.refund", "orders.place"]);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

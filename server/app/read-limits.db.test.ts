import { expect, it } from "vitest";
import { makeItem } from "../testing/factories.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, startTestApp, type TestAnswer, type TestApp } from "./app.fixture.ts";

const FEW = {
  LIMIT_READS_PER_SECOND: "1",
  LIMIT_READS_BURST: "30",
  LIMIT_ANONYMOUS_PER_SECOND: "1",
  LIMIT_ANONYMOUS_BURST: "30",
};

/** Twenty calls, each with this input. */
function batch(app: TestApp, procedure: string, input: unknown, token?: string) {
  const inputs = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [index, input]));
  const path = Array.from({ length: 20 }, () => procedure).join(",");
  return app.send(`/trpc/${path}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`, { token });
}

/** Of more at once than come to be there meanwhile. */
async function anyRefused(ask: () => Promise<TestAnswer>): Promise<TestAnswer | undefined> {
  const answers = await Promise.all(Array.from({ length: 60 }, ask));
  return answers.find(({ status }) => status === 429);
}

it("limits what one user asks, in batches and by REST alike, and not what they buy", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, FEW);
  using _clock = stopClock();
  const itemId = await makeItem(test.database, { stock: 100 });
  const { token } = await signedInBuyer(test);
  expect((await batch(app, "wallets.mine", undefined, token)).status).toBe(200);
  for (const ask of [
    () => batch(app, "wallets.mine", undefined, token),
    () => app.query("wallets.mine", undefined, token),
    () => app.send("/api/orders/1", { token }),
    () => app.send("/api/auth/get-session", { token }),
  ]) {
    const refused = await anyRefused(ask);
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  const bought = await app.mutate("purchases.buy", { itemId, idempotencyKey: "k" }, token);
  expect(bought.body.result.data.outcome).toBe("purchased");
  // Nor what others ask.
  const other = await signedInBuyer(test);
  expect((await app.query("wallets.mine", undefined, other.token)).status).toBe(200);
});

it("limits what cannot be understood, by the address, also of who is signed in", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, FEW);
  const { token } = await signedInBuyer(test);
  using _clock = stopClock();
  for (const [path, body] of [
    ["/api/auth/sign-in/email", { email: 1 }],
    ["/api/auth/sign-in/email", "{"],
    ["/api/auth/sign-up/email", { email: 1 }],
    ["/api/auth/sign-up/email", { email: "ada@example.com", password: "password" }],
    ["/api/auth/sign-out", "{"],
    ["/api/purchase", "{"],
    ["/api/purchase", { item_id: "x" }],
    ["/api/orders", "{"],
    ["/api/orders", { lines: [] }],
    ["/trpc/purchases.buy", "\ufeff{}"],
  ] as const) {
    const refused = await anyRefused(() => app.send(path, { body, token }));
    expect([path, body, refused?.status]).toEqual([path, body, 429]);
  }
});

it("counts a search for more than a look, so that fewer are let through", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, FEW);
  using _clock = stopClock();
  const searches = await Promise.all(Array.from({ length: 6 }, () => app.query("products.list", { search: "lamp" })));
  expect(searches.filter(({ status }) => status === 200)).toHaveLength(3);
  expect((await batch(app, "products.list", { search: "lamp" })).status).toBe(429);
});

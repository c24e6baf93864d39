import { expect, it } from "vitest";
import type { Auth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { createLogger } from "../processes/logger.ts";
import { readConfig } from "../settings/config.ts";
import { createApp } from "./create-app.ts";
import { everyOutcome } from "./every-outcome.fixture.ts";
import { stubServices } from "./sent-call.fixture.ts";

it("logs each request that has changed something but purchases, of which each has its row", async () => {
  const lines: string[] = [];
  await using app = await createApp({
    config: readConfig({}),
    services: stubServices(),
    auth: {} as Auth,
    signer: new CredentialSigner("secret"),
    createRouter: everyOutcome,
    logger: createLogger({ mode: "production", logLevel: "info" }, { write: (line) => void lines.push(line) }),
    isDraining: () => false,
  });
  const headers = { authorization: "Bearer buyer", "idempotency-key": "again" };
  const post = (url: string, payload: object) => app.inject({ method: "POST", url, headers, payload });
  const answers = [
    await post("/trpc/purchases.buy", { itemId: 1, idempotencyKey: "again" }),
    await post("/trpc/purchases.buy?batch=1", { 0: { itemId: 1, idempotencyKey: "again" } }),
    await post("/api/purchase", { item_id: 1 }),
    await post("/trpc/test.strict", { id: 0 }),
    await post("/trpc/test.strict", { id: 1 }),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 400, 200]);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request answered");
  expect(logged).toMatchObject([{ method: "POST", path: "/trpc/test.strict", status: 200 }]);
});

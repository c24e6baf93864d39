import { expect, it } from "vitest";
import type { ProofState } from "../../shared/proof.ts";
import { sealNow, tamper } from "../chain/chain.fixture.ts";
import { verifyChain } from "../chain/verify.ts";
import { trade } from "../operations/reconcile.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { listHeads } from "./heads.ts";
import { proofKey, publicKeyOf } from "./proof-key.ts";
import type { ProofServices } from "./services.ts";
import { isGenuine, signedProof } from "./sign.ts";
import { startProof } from "./start.ts";
import { proofState } from "./state.ts";

it("shows each check with its sentence, and since when it holds", async () => {
  await using test = await createTestDatabase();
  const services = servicesOf(test);
  expect(await proofState(services)).toMatchObject({ reconcile: null, checks: [], chain: null, sealedUntil: null });
  await trade(test);
  const first = await ran(services, "reconcile");
  expect(first.checks.length).toBeGreaterThan(15);
  for (const check of first.checks) {
    expect(check).toMatchObject({ ok: true, detail: expect.stringContaining("checked)"), lastTrueAt: check.checkedAt });
  }
  await tamper(test, "update items set remaining = remaining - 1 where ordinal = 0");
  const second = await ran(services, "reconcile");
  const stock = second.checks.find(({ name }) => name === "stock");
  const before = first.checks.find(({ name }) => name === "stock");
  expect(stock).toMatchObject({ ok: false, lastTrueAt: before?.checkedAt });
  expect(Date.parse(stock?.checkedAt ?? "")).toBeGreaterThan(Date.parse(before?.checkedAt ?? ""));
});

it("verifies the chain in the background, and remembers what it found", async () => {
  await using test = await createTestDatabase();
  const services = servicesOf(test);
  await trade(test);
  await sealNow(test.database);
  expect(await ran(services, "chain")).toMatchObject({ verified: { ok: true, finding: null } });
  await tamper(test, "delete from refunds");
  expect(await ran(services, "chain")).toMatchObject({ verified: { ok: false, finding: { kind: "removed" } } });
});

it("runs one at a time of a kind in all processes, tells how far it has come, and gives up one that is heard of no more", async () => {
  await using test = await createTestDatabase();
  const services = servicesOf(test);
  const other = { ...services, database: await test.open(), operatorReads: await test.open() };
  await using blocked = await hold(test, "lock table sale_pauses in access exclusive mode");
  expect(await startProof(services, "reconcile")).toEqual({ isNew: true });
  expect(await startProof(other, "reconcile")).toEqual({ isNew: false });
  const under = await eventually("progress is told", async () => {
    const { reconcile } = await proofState(other);
    return reconcile && reconcile.total > 0 ? reconcile : undefined;
  });
  expect(under).toMatchObject({ endedAt: null });
  expect(under.done).toBeLessThan(under.total);
  await blocked.release();
  await eventually("it has ended", async () => (await proofState(other)).reconcile?.endedAt);
  await test.sql`
    insert into proof_runs (kind, started_at, seen_at)
    values ('reconcile', clock_timestamp(), clock_timestamp() - interval '2 minutes')`;
  expect((await proofState(other)).reconcile?.endedAt).not.toBeNull();
  expect(await startProof(other, "reconcile")).toEqual({ isNew: true });
  await eventually("it has ended", async () => (await proofState(other)).reconcile?.endedAt);
});

it("is signed so that anybody can verify it with the public key, and nobody can change it", async () => {
  await using test = await createTestDatabase();
  const services = servicesOf(test);
  await trade(test);
  await sealNow(test.database);
  await ran(services, "reconcile");
  await ran(services, "chain");
  const signed = JSON.parse(JSON.stringify(await signedProof(services)));
  const { proof, signature, publicKey } = signed;
  expect(publicKey).toBe((await proofState(services)).publicKey);
  expect(isGenuine(signed)).toBe(true);
  for (const changed of [
    { proof: { ...proof, heads: proof.heads.slice(1) } },
    { proof: { ...proof, heads: proof.heads.toReversed() } },
    { proof: { ...proof, madeAt: "2020-01-01T00:00:00.000Z" } },
    { proof: { ...proof, more: null } },
    { signature: signature.replace(/^./, (first: string) => (first === "A" ? "B" : "A")) },
    { signature: "" },
    { publicKey: publicKeyOf(proofKey(Buffer.alloc(32, 8))) },
    { publicKey: publicKey.replace("MCow", "MCox") },
  ])
    expect(isGenuine({ ...signed, ...changed }), JSON.stringify(changed)).toBe(false);
  expect(proof).toMatchObject({ reconcile: { ok: true }, chain: { ok: true, finding: null } });
  // It holds what the chain can later be held against.
  await tamper(
    test,
    "update credits set reason = 'another'",
    "delete from chain_sets",
    "update chain_ends set sealed_until = '-infinity'",
  );
  await sealNow(test.database);
  const run = verifyChain(test.database, { published: proof.heads });
  let step = await run.next();
  while (!step.done) step = await run.next();
  expect(step.value.finding).toMatchObject({ kind: "published" });
});

it("signs with one key wherever the secret is the same", () => {
  const key = (byte: number) => publicKeyOf(proofKey(Buffer.alloc(32, byte)));
  expect(key(1)).toBe(key(1));
  expect(key(2)).not.toBe(key(1));
});

it("lists the heads of tables first, then those of items, page by page", async () => {
  await using test = await createTestDatabase();
  await trade(test);
  await sealNow(test.database);
  const first = await listHeads(test.database, { limit: 1 });
  expect(first.items.map(({ chain }) => chain)).toEqual(
    expect.arrayContaining(["credits", "orders", "refunds", "item:2"]),
  );
  const second = await listHeads(test.database, { limit: 1, cursor: first.nextCursor });
  expect(second.items).toMatchObject([{ chain: "item:1", item: { itemId: 1, saleName: "A sale" } }]);
  expect(second.nextCursor).toBeNull();
});

function servicesOf(test: TestDatabase): ProofServices {
  const { database } = test;
  return {
    database,
    publicReads: database,
    operatorReads: database,
    warehouse: undefined,
    proofKey: proofKey(Buffer.alloc(32, 7)),
  };
}

/** What is known once a run has ended. */
async function ran(services: ProofServices, kind: "reconcile" | "chain"): Promise<ProofState> {
  await startProof(services, kind);
  return eventually(`the ${kind} has ended`, async () => {
    const state = await proofState(services);
    return state[kind]?.endedAt ? state : undefined;
  });
}

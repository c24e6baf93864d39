import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { CHAOS_FAULTS } from "../../../shared/operations.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import type { WarehouseOptions } from "./start-warehouse.ts";
import { callerOf, expectHistoryToAddUp, WAREHOUSE_SCHEMA, WAREHOUSE_SECRET } from "./warehouse.fixture.ts";

describe("a warehouse that dies after the commit and before the answer", () => {
  it("answers the same key from its record when it is there again: five units less, not ten", async () => {
    await using test = await createTestDatabase();
    const first = await startProcess(test);
    await first.receive("goods", [[1, 100]]);
    await first.send("/chaos", { body: { action: "start", fault: "crash" } });
    await expect(first.dispatch("purchase", [[1, 5]])).rejects.toThrow("fetch failed");
    expect(await first.ended).toBe("SIGKILL");

    const second = await startProcess(test);
    try {
      expect(await second.stockOf(1)).toBe(95);
      const again = await second.dispatch("purchase", [[1, 5]]);
      expect(again).toMatchObject({ status: 200, body: { outcome: "done", replayed: true } });
      expect(await second.stockOf(1)).toBe(95);
      // It has forgotten that it was to crash.
      expect((await second.send("/chaos")).body.active).toEqual([]);
      expect(await second.dispatch("next-purchase", [[1, 5]])).toMatchObject({
        status: 200,
        body: { replayed: false },
      });
      await expectHistoryToAddUp(test);
    } finally {
      second.child.kill("SIGKILL");
      await second.ended;
    }
  });

  it("answers a whole batch from its records, of which nobody had an answer", async () => {
    await using test = await createTestDatabase();
    const first = await startProcess(test);
    await first.receive("goods", [[1, 100]]);
    await first.send("/chaos", { body: { action: "start", fault: "crash" } });
    const keys = Array.from({ length: 8 }, (_, n) => `purchase-${n}`);
    // In one packet, so that they meet in one batch.
    expect(await sendTogether(first.url, keys)).toBe("");
    expect(await first.ended).toBe("SIGKILL");

    const second = await startProcess(test);
    try {
      expect(await second.stockOf(1)).toBe(60);
      for (const key of keys) {
        expect(await second.dispatch(key, [[1, 5]], key)).toMatchObject({ status: 200, body: { replayed: true } });
      }
      expect(await second.stockOf(1)).toBe(60);
      await expectHistoryToAddUp(test);
    } finally {
      second.child.kill("SIGKILL");
      await second.ended;
    }
  });

  it("loses no answer that it gave when it is killed at random", async () => {
    await using test = await createTestDatabase();
    const given = new Map<string, unknown>();
    let process = await startProcess(test);
    await process.receive("goods", [[1, 10_000]]);
    for (let round = 0; round < ROUNDS; round++) {
      const { child, dispatch, ended } = process;
      const calls = Array.from({ length: 40 }, async (_, n) => {
        const key = `round-${round}-${n}`;
        const { body } = await dispatch(key, [[1, 1]]);
        given.set(key, body);
        if (n === 20) child.kill("SIGKILL");
      });
      await Promise.allSettled(calls);
      await ended;
      process = await startProcess(test);
    }
    try {
      expect(given.size).toBeGreaterThan(0);
      for (const [key, body] of given) {
        expect((await process.dispatch(key, [[1, 1]])).body).toEqual({ ...(body as object), replayed: true });
      }
      // Those that got no answer ask again: each has happened once in the end.
      for (let n = 0; n < ROUNDS * 40; n++) await process.dispatch(`round-${Math.trunc(n / 40)}-${n % 40}`, [[1, 1]]);
      expect(await process.stockOf(1)).toBe(10_000 - ROUNDS * 40);
      await expectHistoryToAddUp(test);
    } finally {
      process.child.kill("SIGKILL");
      await process.ended;
    }
  });
});

const ROUNDS = 2;

interface WarehouseProcess extends ReturnType<typeof callerOf> {
  readonly url: string;
  readonly child: ChildProcess;
  /** The signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

async function startProcess({ url: databaseUrl }: TestDatabase): Promise<WarehouseProcess> {
  const options: Omit<WarehouseOptions, "logger" | "onError"> = {
    databaseUrl,
    schema: WAREHOUSE_SCHEMA,
    host: "127.0.0.1",
    port: 0,
    secrets: [WAREHOUSE_SECRET],
    chaosAllowed: CHAOS_FAULTS,
    poolSize: 4,
  };
  const module = join(import.meta.dirname, "warehouse-process.fixture.ts");
  const child = spawn(process.execPath, [module, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  const [url] = await once(createInterface(child.stdout), "line");
  return { ...callerOf(url), url, child, ended };
}

/** Sends a dispatch of five units for each key over one connection, none waiting for another, and reads until it ends. */
async function sendTogether(url: string, keys: readonly string[]): Promise<string> {
  const requests = keys.map((key) => {
    const body = JSON.stringify({ reference: key, lines: [{ productId: 1, quantity: 5 }] });
    return [
      "POST /inventory/dispatch HTTP/1.1",
      "host: warehouse",
      `authorization: Bearer ${WAREHOUSE_SECRET}`,
      `idempotency-key: ${key}`,
      "content-type: application/json",
      `content-length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
  });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.on("error", () => {});
  socket.write(requests.join(""));
  await once(socket, "close");
  return answer;
}

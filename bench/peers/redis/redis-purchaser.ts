import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import type { Purchaser } from "../../../server/purchases/buy.ts";
import { type BuyRequest, fingerprintOf } from "../../../server/purchases/decide.ts";
import type { PurchaseResult } from "../../../shared/purchases.ts";
import type { RefusalCode } from "../../../shared/refusals.ts";
import type { RedisClient } from "./redis-client.ts";

/** Settles purchases in Redis, one script call each; the client sends those of one turn of the event loop together. */
export async function openRedisPurchaser(client: RedisClient): Promise<Purchaser> {
  const script = await readFile(join(import.meta.dirname, "settle.lua"), "utf8");
  const sha = String(await client.call("SCRIPT", "LOAD", script));
  return {
    async buy(request) {
      const { userId, itemId, quantity, idempotencyKey } = request;
      const keys = [
        itemKey(itemId),
        walletKey(userId),
        `attempt:${userId}:${idempotencyKey}`,
        `held:${itemId}:${userId}`,
      ];
      const args = [uuidv7(), String(quantity), fingerprintOf(request)];
      return resultOf(request, String(await client.call("EVALSHA", sha, String(keys.length), ...keys, ...args)));
    },
    isWaiting: () => false,
    waitingFor: () => 0,
    stats: () => ({ queues: 0, waiting: 0, longest: 0, joined: 0 }),
    async close() {
      client.close();
    },
  };
}

export function itemKey(itemId: number): string {
  return `item:${itemId}`;
}

export function walletKey(userId: string): string {
  return `wallet:${userId}`;
}

function resultOf(request: Omit<BuyRequest, "id">, answer: string): PurchaseResult {
  if (answer === "ITEM_NOT_FOUND") return refused("ITEM_NOT_FOUND", false);
  const fields = answer.split("|");
  const replayed = fields[0] === "earlier";
  if (replayed) fields.shift();
  const [fingerprint, code, purchaseId = "", amount, balance, remaining, position] = fields;
  if (fingerprint !== fingerprintOf(request)) return refused("KEY_REUSED", false);
  if (code !== "") return refused(code as RefusalCode, replayed);
  return {
    outcome: "purchased",
    purchaseId,
    itemId: request.itemId,
    quantity: request.quantity,
    amountCents: Number(amount),
    balanceCents: Number(balance),
    remaining: Number(remaining),
    position: Number(position),
    replayed,
  };
}

function refused(code: RefusalCode, replayed: boolean): PurchaseResult {
  return { outcome: "refused", code, message: code, replayed };
}

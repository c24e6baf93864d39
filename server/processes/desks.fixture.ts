import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Desk } from "../purchases/desk.ts";
import type { BuyRequest } from "../purchases/facts.ts";

export type Request = Omit<BuyRequest, "id">;

/** A desk that settles nothing until the test says what. */
export class FakeDesk implements Desk {
  /** What was asked and is not settled, in order. */
  readonly asked: { request: Request; answer: PromiseWithResolvers<PurchaseResult> }[] = [];
  /** Everything that was ever asked. */
  readonly all: Request[] = [];

  buy(request: Request): Promise<PurchaseResult> {
    const answer = Promise.withResolvers<PurchaseResult>();
    this.asked.push({ request, answer });
    this.all.push(request);
    return answer.promise;
  }

  isWaiting(request: Request): boolean {
    return this.asked.some((one) => one.request.idempotencyKey === request.idempotencyKey);
  }

  stats = () => ({ lines: 0, waiting: this.asked.length, longest: this.asked.length, joined: 0 });

  async close(): Promise<void> {
    await Promise.allSettled(this.asked.map(({ answer }) => answer.promise));
  }

  /** Settles all that was asked so far. */
  settle(decide: (request: Request) => PurchaseResult = refused): void {
    for (const { request, answer } of this.asked.splice(0)) answer.resolve(decide(request));
  }

  fail(error: unknown): void {
    for (const { answer } of this.asked.splice(0)) answer.reject(error);
  }
}

export function aRequest(idempotencyKey: string, itemId = 1): Request {
  return { userId: "0198b6a0-0000-7000-8000-000000000001", itemId, quantity: 1, idempotencyKey };
}

/** A refusal that names the request. */
export function refused({ idempotencyKey }: Request): PurchaseResult {
  return { outcome: "refused", code: "OUT_OF_STOCK", message: `no ☂ for ${idempotencyKey}`, replayed: false };
}

/** A folder for sockets, gone when the test is over. */
export async function socketFolder(): Promise<AsyncDisposable & { path(name: string): string }> {
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-links-"));
  return {
    path: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

import type { PurchaseResult } from "../../shared/purchases.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { mintTokens } from "../accounts/mint-tokens.ts";
import { TEST_SECRET } from "../app/app.fixture.ts";
import type { TestDatabase } from "../testing/test-database.ts";

/** Makes buyers with money, and gives a bearer token of each. */
export async function makeTokens(test: TestDatabase, count: number): Promise<string[]> {
  const minting = { database: test.database, signer: new CredentialSigner(TEST_SECRET) };
  const minted = await mintTokens(minting, { count, balanceCents: 1_000_000 });
  return minted.map(({ credential }) => String(credential));
}

/** Asks once for one unit. @throws when the connection breaks, or the answer is a fault */
export async function buyOnce(url: string, { token, itemId, key, header = false }: Wish): Promise<PurchaseResult> {
  const response = await fetch(`${url}/trpc/purchases.buy`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      ...(header && { "x-doorbuster-item": String(itemId) }),
    },
    body: JSON.stringify({ itemId, idempotencyKey: key }),
  });
  const body = (await response.json()) as { result?: { data: PurchaseResult } };
  if (!body.result) throw new Error(`${response.status} ${JSON.stringify(body)}`);
  return body.result.data;
}

/** Asks with the same key until there is an answer, as every client should. */
export async function buy(url: string, wish: Wish): Promise<PurchaseResult> {
  for (let tries = 1; ; tries++) {
    try {
      return await buyOnce(url, wish);
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

export interface Wish {
  readonly token: string;
  readonly itemId: number;
  readonly key: string;
  /** Whether a proxy is told which item it is about, as the SDK does. Default: no. */
  readonly header?: boolean;
}

/** Ten seconds. */
const TRIES_MAX = 200;
const PAUSE_MS = 50;

/** The positions of what was bought, in order. */
export function positions(answers: readonly PurchaseResult[]): number[] {
  return answers
    .flatMap((answer) => (answer.outcome === "purchased" ? [answer.position] : []))
    .toSorted((a, b) => a - b);
}

export function countTo(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index + 1);
}

import { expect } from "vitest";
import { ConnectionLostError } from "../database/errors.ts";
import type { Actor } from "../http/context.ts";
import { createLimits } from "../http/rate-limits.ts";
import { readConfig } from "../settings/config.ts";
import { decideByKey } from "./every-outcome.fixture.ts";
import type { Services } from "./services.ts";
import type { TwoWays } from "./two-ways.fixture.ts";

/** A call as it is written to the wire. A body is given as latin-1: one character for each byte. */
export interface SentCall {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export function get(path: string, headers: Record<string, string> = {}): SentCall {
  return { path, headers };
}

/** A query, as every tRPC client sends it. */
export function ask(name: string, input: unknown, headers: Record<string, string> = {}): SentCall {
  return get(`/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, headers);
}

export function post(path: string, body: string, headers: Record<string, string> = {}): SentCall {
  return { method: "POST", path, body, headers: { ...JSON_TYPE, ...headers } };
}

export const JSON_TYPE = { "content-type": "application/json" };

/** Signed in as `buyer`, `buyer-later` (who has to be looked up) or `operator`; `broken` cannot be looked up. */
export function as(credential: string): Record<string, string> {
  return { authorization: `Bearer ${credential}` };
}

export function bytesOf({ method = "GET", path, headers = {}, body }: SentCall): string {
  const all = {
    host: "shop.example",
    "x-request-id": "request-0001",
    connection: "close",
    ...(body !== undefined && { "content-length": String(body.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
}

/**
 * Expects that both ways answer alike: status, headers, body, log. Only how the body's end is found may differ, and that
 * shows which one answered where there was a choice.
 */
export async function expectAlike(two: TwoWays, sent: SentCall): Promise<"fast" | "adapter"> {
  const what = `${sent.method ?? "GET"} ${sent.path}`;
  const { fast, adapter } = await two.send(bytesOf(sent));
  const { framing: fastFraming, ...ofFast } = fast;
  const { framing: adapterFraming, ...ofAdapter } = adapter;
  // The adapter's answers are not compressed.
  const vary = ofFast.headers.vary?.replace(/, accept-encoding$/, "");
  const headers = { ...ofFast.headers, ...(vary !== undefined && { vary }) };
  expect({ what, ...ofFast, headers }).toEqual({ what, ...ofAdapter });
  if (fast.status >= 400)
    expect({ what, type: fast.headers["content-type"] }).toMatchObject({ type: expect.stringMatching(/json/) });
  // Whatever is answered can be found in the log.
  expect(fast.body, what).not.toContain('"requestId":"unknown"');
  expect({ what, log: two.fast.takeLog() }).toEqual({ what, log: two.adapter.takeLog() });
  return fastFraming === adapterFraming ? "adapter" : "fast";
}

/** What `everyOutcome` works with, without a database. */
export function stubServices(): Services {
  const limits = createLimits({ ...readConfig({}).limits, ...PLENTY });
  const purchaseBatcher = { buy: decideByKey, isWaiting: () => false };
  return { sessions: { find, findKey: find, isForged: () => false }, limits, purchaseBatcher } as unknown as Services;
}

const PLENTY = { anonymous: { perSecond: 0.001, burst: 100_000 }, users: { perSecond: 0.001, burst: 100_000 } };

function find(credential: string): Actor | undefined | Promise<Actor | undefined> {
  if (credential === "broken") return Promise.reject(new ConnectionLostError("lost"));
  if (credential === "operator") return OPERATOR;
  if (credential === "buyer") return BUYER;
  return Promise.resolve(credential === "buyer-later" ? BUYER : undefined);
}

const BUYER: Actor = { userId: "00000000-0000-4000-8000-000000000001", role: "buyer", mayMoveMoney: false };
const OPERATOR: Actor = { userId: "00000000-0000-4000-8000-000000000002", role: "operator", mayMoveMoney: true };

import { createTRPCClient } from "@trpc/client";
import { clientOf, type DoorbusterClient } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { linksOf } from "./links.ts";
import { QUERY_TRIES_MAX } from "./retry-link.ts";
import type { ShopRouter } from "./router.ts";
import type { Settings } from "./settings.ts";

/**
 * Makes a client of one shop, for Node and for browsers. It holds no connection and need not be closed.
 *
 * @throws {TypeError} the url is not one that can be asked, or the token not one that can be sent
 */
export function createDoorbusterClient(options: DoorbusterClientOptions): DoorbusterClient {
  const settings = settingsOf(options);
  return clientOf(createTRPCClient<ShopRouter>({ links: linksOf(settings) }), settings);
}

export interface DoorbusterClientOptions {
  /** Where the shop is, for example `https://shop.example`; in a page of the shop's own `""` will do. */
  readonly url: string | URL;
  /** A signed bearer token. Left out in a page, where the session's cookie says who is asking. */
  readonly token?: string | undefined;
  /** In place of the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long one try may take, in milliseconds; 15,000 when left out: above the longest wait in a shop's line. */
  readonly timeoutMs?: number | undefined;
  /** How long all tries of one call may take together, in milliseconds; 60,000 when left out. */
  readonly deadlineMs?: number | undefined;
  /** How often a query is asked at most while it fails; 4 when left out. */
  readonly queryTriesMax?: number | undefined;
  /** How long `sales.watch` may hear nothing before it connects again, in milliseconds; 10,000 when left out. */
  readonly silenceMs?: number | undefined;
  /** Whether cookies go along; `same-origin` when left out, `omit` with a token. */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /** Time and chance, for tests. */
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

function settingsOf(options: DoorbusterClientOptions): Settings {
  const url = String(options.url).replace(/\/+$/, "");
  if (url !== "" && !/^https?:\/\//i.test(url) && !url.startsWith("/")) {
    throw new TypeError(`The shop's url must begin with http:// or https://, and is ${JSON.stringify(url)}`);
  }
  if (/[?#]/.test(url)) throw new TypeError(`The shop's url must end with its path, and is ${JSON.stringify(url)}`);
  const { fetch, token } = options;
  // Throws a TypeError of what no header can hold.
  if (token !== undefined) new Headers({ authorization: `Bearer ${token}` });
  return {
    url,
    token,
    credentials: options.credentials ?? (token === undefined ? "same-origin" : "omit"),
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutMs: options.timeoutMs ?? 15_000,
    deadlineMs: options.deadlineMs ?? 60_000,
    queryTriesMax: options.queryTriesMax ?? QUERY_TRIES_MAX,
    silenceMs: options.silenceMs ?? 10_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

export type { DoorbusterClient } from "./client.ts";
export type { Clock } from "./clock.ts";
export { DoorbusterError, type DoorbusterErrorCode, type InputIssue } from "./errors.ts";
export { newIdempotencyKey } from "./idempotency-key.ts";
export type * from "./options.ts";
export type * from "./records.ts";
export type { ShopRouter } from "./router.ts";

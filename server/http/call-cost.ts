import type { FastifyRequest } from "fastify";

/**
 * The tokens that a request draws: one for each call, and more for what takes the database or the process longer. The
 * calls of a batch are added up. What is asked for is read before anybody has checked it: whatever is not understood here
 * is refused by the procedure, and costs as much as any other call.
 */
export function costOf(request: FastifyRequest): number {
  const calls = callsOf(request);
  const input = request.method === "POST" ? null : parametersOf(request.url).get("input");
  if (input === null) return calls;
  const read = jsonOf(input);
  const inputs = isBatch(request) ? Object.values(read) : [read];
  return inputs.reduce<number>((sum, each) => sum + extraCost(each), calls);
}

/** How many calls a request makes: several when it is a batch of tRPC's. */
export function callsOf(request: FastifyRequest): number {
  if (!isBatch(request)) return 1;
  const { path = "" } = request.params as { path?: string };
  return path.split(",").length;
}

function isBatch(request: FastifyRequest): boolean {
  return (request.query as Record<string, unknown>).batch !== undefined;
}

/** As tRPC reads them: of several with one name the first. */
function parametersOf(url: string): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : url.slice(at));
}

function jsonOf(text: string): object {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function extraCost(input: unknown): number {
  const { limit, productIds, search } = objectOf(input) as Record<string, unknown>;
  const ids = Array.isArray(productIds) ? productIds.length : 0;
  const isSearch = typeof search === "string" && search.trim() !== "";
  return pagesOf(typeof limit === "number" ? limit : 0) + pagesOf(ids) + (isSearch ? SEARCH_TOKENS : 0);
}

/** Beyond the first. */
function pagesOf(rows: number): number {
  return rows > PAGE_ROWS && rows <= ROWS_MAX ? Math.ceil(rows / PAGE_ROWS) - 1 : 0;
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** What a page of a list shows, and costs one token. */
const PAGE_ROWS = 25;

/** More are refused. */
const ROWS_MAX = 100;

/** A search among 100,000 products takes the database as long as ten pages of a list, when its words are chosen badly. */
const SEARCH_TOKENS = 9;

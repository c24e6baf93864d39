import type { FastifyRequest } from "fastify";

/**
 * The input of a plain call, as JSON text, empty where a query has none: one procedure by its exact address, the input
 * of a query in `?input=` and nothing else there, that of a mutation as JSON in the body, nothing streamed.
 *
 * Undefined for every other call, and for whatever could be read in two ways: tRPC's own adapter answers those.
 *
 * @param url the address of the procedure, without a query
 */
export function plainInput(request: FastifyRequest, url: string): string | undefined {
  const { headers } = request;
  if (headers["trpc-accept"] !== undefined || headers.accept?.includes("jsonl")) return undefined;
  const contentType = headers["content-type"];
  if (request.method === "GET") {
    if (contentType !== undefined && contentType !== "application/json") return undefined;
    return request.url === url ? "" : inputOfQuery(request.url, url);
  }
  const { body } = request;
  if (request.url !== url || contentType !== "application/json") return undefined;
  // The adapter has words of its own for an empty body.
  return typeof body === "string" && body !== "" ? body : undefined;
}

function inputOfQuery(requestUrl: string, url: string): string | undefined {
  if (!requestUrl.startsWith(INPUT, url.length) || !requestUrl.startsWith(url)) return undefined;
  const encoded = requestUrl.slice(url.length + INPUT.length);
  if (encoded === "" || READ_IN_TWO_WAYS.test(encoded)) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

const INPUT = "?input=";

/** Another parameter, a fragment, and a space in the form of HTML. */
const READ_IN_TWO_WAYS = /[&#+]/;

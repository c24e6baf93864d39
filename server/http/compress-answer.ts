import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * The answer to a question (GET), compressed where it is longer than a packet and its caller takes that. The files of the
 * page are stored compressed, and answers to changes are short.
 *
 * @param payload of an `onSend` hook: only text is compressed
 * @returns what is to be sent
 */
export function compressAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method !== "GET" || typeof payload !== "string" || payload.length < LENGTH_MIN) return payload;
  reply.header("vary", [reply.getHeader("vary") ?? [], "accept-encoding"].flat().join(", "));
  if (chooseEncoding(request.headers["accept-encoding"], (encoding) => encoding !== "br") !== "gzip") return payload;
  reply.removeHeader("content-length").header("content-encoding", "gzip");
  // On this thread: a page of a list takes a fraction of a millisecond, and others wait longer for the pool's threads, which
  // hash passwords.
  return gzipSync(payload, { level: LEVEL });
}

/** What fits into a packet with its headers gains nothing. */
const LENGTH_MIN = 1_024;

/** Of 9: lists are repetitive, so that more effort saves little. */
const LEVEL = 3;

/** What a file of the page may be stored as, the smallest last. */
export const COMPRESSED = ["gzip", "br"] as const;

export type Encoding = (typeof COMPRESSED)[number] | "identity";

/**
 * The encoding of an answer by `Accept-Encoding` (RFC 9110, section 12.5.3): of those that are there, the one that the
 * caller likes best, and among equals the smallest. A caller that refuses all of them gets the bytes as they are.
 */
export function chooseEncoding(header = "", isThere: (encoding: Encoding) => boolean): Encoding {
  const weights = new Map(header.toLowerCase().split(",").map(weightIn));
  // What is not named may be sent as it is, by way of last resort.
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get("*") ?? (name === "identity" ? LAST_RESORT : 0);
  return COMPRESSED.filter((encoding) => isThere(encoding) && weightOf(encoding) > 0).reduce<Encoding>(
    (best, encoding) => (weightOf(encoding) >= weightOf(best) ? encoding : best),
    "identity",
  );
}

/** Below any weight that a header can give but zero. */
const LAST_RESORT = 0.0001;

function weightIn(part: string): [name: string, weight: number] {
  const [name = "", weight = "1"] = part.split(/\s*;\s*q=/);
  return [name.trim(), Number(weight)];
}

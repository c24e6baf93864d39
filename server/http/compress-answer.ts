import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { chooseEncoding } from "./choose-encoding.ts";

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

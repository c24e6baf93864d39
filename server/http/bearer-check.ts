import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";

/**
 * Makes the check of `Authorization: Bearer <secret>`. It takes equally long for every wrong secret.
 *
 * @param secret where there is none, nobody is let in
 * @returns whether a request shows it
 */
export function bearerCheck(secret: string | undefined): (request: FastifyRequest) => boolean {
  const expected = secret === undefined ? undefined : digest(secret);
  return (request) => {
    const shown = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    // Digests are equally long, whatever was sent.
    return expected !== undefined && shown !== undefined && timingSafeEqual(digest(shown), expected);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

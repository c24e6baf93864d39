import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";

/**
 * Makes the check of `Authorization: Bearer <secret>`. It takes equally long for every wrong secret.
 *
 * @param secrets any of them will do; where there is none, nobody is let in
 * @returns whether a request shows one
 */
export function bearerCheck(...secrets: (string | undefined)[]): (request: FastifyRequest) => boolean {
  const expected = secrets.flatMap((secret) => (secret === undefined ? [] : [digest(secret)]));
  return (request) => {
    const shown = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (shown === undefined) return false;
    // Digests are equally long, whatever was sent; and all are compared, whichever it is.
    const sent = digest(shown);
    return expected.filter((one) => timingSafeEqual(one, sent)).length > 0;
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

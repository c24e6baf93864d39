import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { Fault } from "../../../shared/faults.ts";

/**
 * Makes the check of `Authorization: Bearer <secret>`. It takes equally long for every wrong secret.
 *
 * @param secret where there is none, nobody is let in
 * @returns a function that throws Fault UNAUTHENTICATED
 */
export function bearerCheck(secret: string | undefined): (request: FastifyRequest) => void {
  const expected = secret === undefined ? undefined : digest(secret);
  return (request) => {
    const shown = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    // Digests are equally long, whatever was sent.
    if (expected && shown !== undefined && timingSafeEqual(digest(shown), expected)) return;
    throw new Fault("UNAUTHENTICATED", "The warehouse has to be shown its secret: Authorization: Bearer <secret>.");
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

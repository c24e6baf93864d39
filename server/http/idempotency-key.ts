import type { FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { idempotencyKeySchema } from "../../shared/primitives.ts";
import { parsed } from "./faults.ts";

/**
 * The key of a REST request, from the header `Idempotency-Key`.
 *
 * @throws Fault INVALID_INPUT when it is missing or not one
 */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers["idempotency-key"];
  if (key === undefined) throw new Fault("INVALID_INPUT", "The header Idempotency-Key is missing.");
  return parsed(idempotencyKeySchema, key);
}

import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";

/** Answers 405 at `url` to every method but `allowed`. */
export function otherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method === "HEAD" ? "GET" : method)),
    url,
    exposeHeadRoute: false,
    // Before the body is looked at: what is in it does not matter.
    onRequest: async (_request, reply) => {
      reply.header("allow", allowed.join(", "));
      throw new Fault("METHOD_NOT_ALLOWED");
    },
    handler: async () => {},
  });
}

/** HEAD goes with GET. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

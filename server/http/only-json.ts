import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";

/** JSON is the only thing that is read. A body that is absent is null. */
export function onlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? null : JSON.parse(String(body)));
    } catch (error) {
      done(new Fault("INVALID_INPUT", "The body is not JSON that can be read.", { cause: error }));
    }
  });
}

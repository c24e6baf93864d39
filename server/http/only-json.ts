import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { refuseInexactJson } from "./exact-json.ts";

/** JSON is the only thing that is read. A body that is absent is null. */
export function onlyJson(app: FastifyInstance): void {
  onlyJsonText(app, (text) => {
    try {
      return text === "" ? null : JSON.parse(text);
    } catch (error) {
      throw new Fault("INVALID_INPUT", "The body is not JSON that can be read.", { cause: error });
    }
  });
}

/** The same for whoever parses the text later, as tRPC does. */
export function onlyJsonText(app: FastifyInstance, parse: (text: string) => unknown = (text) => text): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      const text = String(body);
      refuseInexactJson(text);
      done(null, parse(text));
    } catch (error) {
      done(error as Error);
    }
  });
}

import { isUtf8 } from "node:buffer";
import type { FastifyInstance } from "fastify";
import { refuseInexactJson } from "../../shared/exact-json.ts";
import { Fault } from "../../shared/faults.ts";

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
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    try {
      refuseOtherCharset(request.headers["content-type"]);
      const text = textOf(body as Buffer);
      refuseInexactJson(text);
      done(null, parse(text));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** What is not UTF-8 would be read with replacement characters, so that two passwords became one. */
function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new Fault("INVALID_INPUT", "The body is not UTF-8.");
  return body.toString("utf8");
}

function refuseOtherCharset(contentType = ""): void {
  for (const [, charset = ""] of contentType.matchAll(CHARSET)) {
    if (!UTF8.test(charset)) throw new Fault("UNSUPPORTED_MEDIA_TYPE", "JSON is sent in UTF-8.");
  }
}

const CHARSET = /;\s*charset\s*=\s*"?([^;"\s]*)/gi;

const UTF8 = /^utf-?8$/i;

import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { refuseInexactUrl } from "./exact-url.ts";
import { isUsableHost } from "./usable-host.ts";

/** Refuses requests that a proxy, tRPC's adapter and the routes could read in different ways, before anything reads them. */
export function readOneWay(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    const { headers } = request;
    if (!hasOneHost(request)) return done(new Fault("INVALID_INPUT", "A request names one host."));
    refuseInexactUrl(request.url);
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      reply.header("accept-encoding", "identity");
      return done(new Fault("UNSUPPORTED_MEDIA_TYPE", "Please send the body as it is, without a Content-Encoding."));
    }
    done();
  });
}

/** Node keeps the first of several; a proxy may have gone by the last. HTTP/1.0 knows requests without one. */
function hasOneHost({ raw: { rawHeaders, httpVersionMinor }, headers: { host } }: FastifyRequest): boolean {
  if (host === undefined) return httpVersionMinor === 0;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts === 1 && isUsableHost(host);
}

import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** Whether the browser came over TLS: it was told so by a trusted proxy, or the shop has an https address only. */
    readonly isSecure: boolean;
  }
}

/** Lets each request know whether its browser came over TLS. */
export function tellTls(app: FastifyInstance, publicUrl: URL | undefined): void {
  const always = publicUrl?.protocol === "https:";
  app.decorateRequest("isSecure", {
    getter() {
      return always || this.protocol === "https";
    },
  });
}

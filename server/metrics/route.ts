import type { FastifyInstance } from "fastify";
import { bearerCheck } from "../http/bearer-check.ts";
import { otherMethods } from "../http/other-methods.ts";
import { SecurityFault } from "../http/security-log.ts";
import { METRICS_CONTENT_TYPE } from "./metrics-json.ts";

export interface MetricsOptions {
  /** What a caller has to show. Absent: nobody is told anything. */
  readonly token: string | undefined;
  /** All there is to tell, in Prometheus' text format. */
  readonly gather: () => Promise<string>;
}

/** `GET /metrics`, for whoever shows `Authorization: Bearer <token>`. */
export async function metricsRoute(app: FastifyInstance, { token, gather }: MetricsOptions): Promise<void> {
  const showsToken = bearerCheck(token);
  app.get("/metrics", async (request, reply) => {
    if (!showsToken(request)) {
      reply.header("www-authenticate", 'Bearer realm="metrics"');
      const message = "Metrics need the metrics token as a bearer token.";
      throw new SecurityFault("METRICS_REFUSED", {}, { code: "UNAUTHENTICATED", message });
    }
    return reply.type(METRICS_CONTENT_TYPE).send(await gather());
  });
  otherMethods(app, "/metrics", ["GET"]);
}

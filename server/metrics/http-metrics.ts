import type { Registry } from "@prometheus-io/client";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Buckets, DURATION_BOUNDS } from "./buckets.ts";
import { registerCollected } from "./metrics-json.ts";

/**
 * Counts a web server's requests by method, route and status, with the time from their headers to the last byte of the
 * answer. A route is the pattern that was registered, never what a caller sent: under `/trpc` that names the procedure,
 * except for batches of several (`/trpc/:path`). What no route answers is `(none)`: files of the page, and addresses that
 * are not there. A request whose caller left before the answer is not counted.
 *
 * To be called before any route is registered.
 */
export function countRequests(app: FastifyInstance, registry: Registry, { streams = [] }: CountOptions = {}): void {
  const all = new Map<string, RouteCounts>();
  const countsOf = (method: string, route: string) => {
    const key = `${method} ${route}`;
    let counts = all.get(key);
    if (!counts) {
      counts = new RouteCounts(method, route);
      all.set(key, counts);
    }
    return counts;
  };
  // Each route has its own counts in a hook of its own, so that no request has to look for them.
  app.addHook("onRoute", (route) => {
    const pattern = patternOf(route.url);
    const methods = [route.method].flat();
    const byMethod = new Map(methods.map((method) => [method, countsOf(method, pattern)]));
    const only = methods.length === 1 ? byMethod.get(methods[0] as string) : undefined;
    const mayStream = pattern.includes(":") && streams.length > 0;
    const count: OnResponse = (request, reply, done) => {
      const isStream = mayStream && streams.some((address) => request.url.startsWith(address));
      if (!isStream) (only ?? byMethod.get(request.method))?.answered(reply);
      done();
    };
    route.onResponse = [count, ...[route.onResponse ?? []].flat()];
  });
  app.addHook("onResponse", (request, reply, done) => {
    if (request.is404) countsOf(METHODS.has(request.method) ? request.method : "other", "(none)").answered(reply);
    done();
  });
  registerCollected(
    registry,
    { name: NAME, help: "Seconds from a request's headers to the end of its answer.", type: "histogram" },
    () => [...all.values()].flatMap((counts) => counts.samples()),
  );
}

export interface CountOptions {
  /** Beginnings of addresses whose answers last as long as their callers like: they are not counted. */
  readonly streams?: readonly string[];
}

const NAME = "http_request_duration_seconds";

/** Other words may be anything, and are not worth a series each. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** With and without a slash at its end it is one route. */
function patternOf(url: string): string {
  return url.length > 1 ? url.replace(/\/$/, "") : url;
}

class RouteCounts {
  readonly #labels: { readonly method: string; readonly route: string };
  readonly #byStatus = new Map<number, Buckets>();

  constructor(method: string, route: string) {
    this.#labels = { method, route };
  }

  answered(reply: FastifyReply): void {
    const status = reply.statusCode;
    let buckets = this.#byStatus.get(status);
    if (!buckets) {
      buckets = new Buckets(DURATION_BOUNDS);
      this.#byStatus.set(status, buckets);
    }
    buckets.observe(reply.elapsedTime / 1_000);
  }

  samples() {
    return [...this.#byStatus].flatMap(([status, buckets]) => buckets.samples(NAME, { ...this.#labels, status }));
  }
}

type OnResponse = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { LogLimiter } from "./log-limiter.ts";

/**
 * Bounds the connections of the web server by the files that this process may open, so that a crowd never takes those
 * that the database needs. Whoever comes while the last of them are being given away hears 503 OVERLOADED, with a time to
 * come again, and is let go. Only when even these are gone is a connection closed without a word.
 *
 * To be called before the routes are made.
 *
 * @param connectionsMax default: what the operating system allows, less what the process itself needs
 */
export function limitConnections(app: FastifyInstance, connectionsMax = connectionsAllowed()): void {
  const { server, log } = app;
  const comfortable = Math.floor(connectionsMax * COMFORTABLE_SHARE);
  const late = new WeakSet<Socket>();
  const closed = new LogLimiter((_code, count) => log.warn({ count }, "more connections were closed"));
  let open = 0;
  const onClose = () => void open--;
  if (connectionsMax < CONNECTIONS_OF_A_CROWD) {
    const sentence = `This process takes ${connectionsMax} connections at most, because it may open no more files`;
    log.warn(`${sentence}: raise \`ulimit -n\`.`);
  }

  server.maxConnections = connectionsMax;
  server.on("drop", () => {
    if (closed.admits("OVERLOADED")) log.warn({ connectionsMax }, "a connection was closed: there are too many");
  });
  server.on("connection", (socket) => {
    open++;
    socket.once("close", onClose);
    if (open > comfortable) late.add(socket);
  });

  app.addHook("onRequest", (request, reply, done) => {
    // Whoever asks after the health is not one of the crowd.
    if (open <= comfortable || !late.has(request.raw.socket) || request.url.startsWith("/health/")) return done();
    reply.header("connection", "close");
    done(new Fault("OVERLOADED", undefined, { retryAfterMs: RETRY_AFTER_MS }));
  });
}

/** `ulimit -n`; Node itself raises it to the hard limit. Undefined where there is none, or none is told. */
export function openFilesMax(): number | undefined {
  // It would look up the names of all that is connected. Node has known this for longer than its types.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isSafeInteger(limit) ? limit : undefined;
}

function connectionsAllowed(): number {
  return Math.max((openFilesMax() ?? Number.POSITIVE_INFINITY) - FILES_RESERVED, CONNECTIONS_MIN);
}

/** Connections to the database, the log, and what Node keeps open. */
const FILES_RESERVED = 200;

/** Where even that is too much to ask, trying is better than not to start. */
const CONNECTIONS_MIN = 20;

/** As many as may watch; fewer are worth a word. */
const CONNECTIONS_OF_A_CROWD = 10_000;

/** The rest is room for answers that refuse. */
const COMFORTABLE_SHARE = 0.95;

/** Twice as long as the SDK's longest pause, so that the crowd thins out. */
const RETRY_AFTER_MS = 10_000;

/** Connections that wait to be accepted: the kernel's own bound (`net.core.somaxconn`) is lower. Node's default is 511. */
export const ACCEPT_BACKLOG = 65_535;

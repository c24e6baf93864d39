import { type AddressInfo, createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { ACCEPT_BACKLOG } from "./connection-limit.ts";

/**
 * Lets callers in.
 *
 * @param portName the variable that sets the port; 0 takes a free one
 * @returns how a person on this machine reaches it, for example http://localhost:3000
 * @throws ListenError
 */
export async function listen(
  app: FastifyInstance,
  { host, port, portName }: { host: string; port: number; portName?: string },
): Promise<string> {
  try {
    await app.listen({ host, port, backlog: ACCEPT_BACKLOG });
  } catch (error) {
    throw explained(error, host, port, portName);
  }
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${(app.server.address() as AddressInfo).port}`;
}

/**
 * Finds out whether the port can be had before anything else is started.
 *
 * @throws ListenError
 */
export async function checkPortIsFree(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw explained(error, host, port);
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

/** Why the web server cannot listen. The message is one sentence for the person who started it. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** The sentence that says what to do, where the system refuses to listen. */
function explained(error: unknown, host: string, port: number, portName = "PORT"): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return new ListenError(`Port ${port} is taken by another program: stop it, or set ${portName} to another port.`, {
        cause: error,
      });
    case "EACCES":
      return new ListenError(`This user may not listen on port ${port}: set ${portName} to one above 1023.`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new ListenError(`HOST is ${host}, which is not an address of this machine.`, { cause: error });
    default:
      return error;
  }
}

/** Takes no new connections and waits for requests under way, but no longer than 10 s. */
export async function drain(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS_MAX);
  await app.close();
  clearTimeout(timer);
}

const DRAIN_MS_MAX = 10_000;

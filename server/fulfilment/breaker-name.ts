import { hostname } from "node:os";
import type { Config } from "../settings/config.ts";

/**
 * Names the circuit breaker of a process, for example `worker@shop-1:3000`: the same after a restart, and another for each of
 * several starts on one host, which have a port each. A start that listens nowhere, or at any free port, is told by the
 * process' number, so that its breaker has a new name after a restart.
 *
 * @param processName among those of its start, for example web-1
 */
export function breakerName(processName: string, { port, roles }: Pick<Config, "port" | "roles">): string {
  const start = roles.includes("web") && port !== 0 ? `:${port}` : `#${process.pid}`;
  return `${processName}@${hostname()}${start}`;
}

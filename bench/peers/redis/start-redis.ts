import { spawn } from "node:child_process";
import { once } from "node:events";
import { choosePort } from "../../../server/database/embedded/choose-port.ts";
import { eventually } from "../../../server/testing/eventually.ts";
import { RedisClient } from "./redis-client.ts";

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a Redis of its own that writes each change to its append-only file, to disk every second. */
export async function startRedis(folder: string): Promise<RedisServer | "not installed"> {
  const port = await choosePort(undefined);
  const child = spawn("redis-server", settings({ port, folder }), { stdio: "ignore", detached: true });
  const started = await Promise.race([
    once(child, "spawn").then(() => true),
    once(child, "error").then(() => false),
  ]).catch(() => false);
  if (!started) return "not installed";
  const exited = once(child, "exit");
  await eventually("Redis answers", async () => {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
    const client = await RedisClient.open(port).catch(() => undefined);
    client?.close();
    return client !== undefined;
  });
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

function settings({ port, folder }: { port: number; folder: string }): string[] {
  const lines = {
    port,
    bind: "127.0.0.1",
    dir: folder,
    appendonly: "yes",
    appendfsync: "everysec",
    // The append-only file is the record; a snapshot beside it would only take time from it.
    save: "",
    daemonize: "no",
  };
  return Object.entries(lines).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

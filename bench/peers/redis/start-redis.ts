import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { choosePort } from "../../../server/database/embedded/choose-port.ts";
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
  const client = await connectTo(port, child);
  client.close();
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

async function connectTo(port: number, child: ChildProcess): Promise<RedisClient> {
  const deadline = performance.now() + START_MS_MAX;
  for (;;) {
    try {
      const client = await RedisClient.open(port);
      await client.call("PING");
      return client;
    } catch (error) {
      if (child.exitCode !== null || performance.now() > deadline) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

const START_MS_MAX = 10_000;
const TRY_AGAIN_MS = 20;

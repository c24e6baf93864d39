import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePort } from "../server/database/embedded/choose-port.ts";
import { eventually } from "../server/testing/eventually.ts";

/** The proxies that `ops/` has a file for. */
export const PROXIES = ["haproxy", "nginx"] as const;

export type ProxyName = (typeof PROXIES)[number];

export interface RunningProxy extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** Whether the real one is here. Root on Debian gets it by itself. */
export function hasProxy(name: ProxyName): boolean {
  if (runs(name)) return true;
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync("apt-get", ["install", "--yes", "--no-install-recommends", name], {
      stdio: "ignore",
      timeout: INSTALL_MS_MAX,
      // Its service is not started.
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    });
  } catch {
    return false;
  }
  return runs(name);
}

/** Half a minute where the packages come from far away. */
const INSTALL_MS_MAX = 120_000;

function runs(name: ProxyName): boolean {
  try {
    execFileSync(name, ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Runs the real proxy with the file of `ops/`, in front of these two starts, without TLS and on a free port. */
export async function startProxy(name: ProxyName, shops: readonly [string, string]): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), `doorbuster-${name}-`));
  const port = await choosePort(undefined);
  const file = join(folder, "proxy.conf");
  await writeFile(file, await adapted(name, port, shops));
  const child = spawn(name, argumentsOf(name, file, folder), { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const gone = once(child, "exit");
  await eventually(`${name} listens`, () => failed(child) || listens(port));
  if (failed(child)) throw new Error(`${name} does not start: ${said}`);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      // At once, streams and all.
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @throws when the file no longer has what is to be put in place of something else */
async function adapted(name: ProxyName, port: number, [first, second]: readonly [string, string]): Promise<string> {
  let text = await readFile(join(import.meta.dirname, FILES[name]), "utf8");
  const here = {
    haproxy: [/bind :443 ssl crt \S+/, `bind 127.0.0.1:${port}`],
    nginx: [/listen 443 ssl;/, `listen 127.0.0.1:${port};`],
  };
  const changes: (readonly [RegExp | string, string])[] = [
    here[name] as [RegExp, string],
    ["127.0.0.1:3000", new URL(first).host],
    ["127.0.0.1:3010", new URL(second).host],
    ...(name === "nginx" ? ([[/\n *ssl_certificate .*\n *ssl_certificate_key .*/, ""]] as const) : []),
  ];
  for (const [before, after] of changes) {
    const changed = text.replace(before, after);
    if (changed === text) throw new Error(`${FILES[name]} has no ${before}`);
    text = changed;
  }
  return text;
}

const FILES = { haproxy: "haproxy.cfg", nginx: "nginx.conf" } as const;

function argumentsOf(name: ProxyName, file: string, folder: string): string[] {
  if (name === "haproxy") return ["-db", "-f", file];
  const user = process.getuid?.() === 0 ? " user root;" : "";
  return [
    "-p",
    folder,
    "-c",
    file,
    "-e",
    "stderr",
    "-g",
    `daemon off; pid ${folder}/pid; worker_processes auto;${user}`,
  ];
}

function failed({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

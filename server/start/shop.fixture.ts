import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEST_SECRET } from "../app/app.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import type { TestDatabase } from "../testing/test-database.ts";

/** The shop as `npm start` runs it: processes of its own, signals and all. */
export interface ShopProcesses extends AsyncDisposable {
  readonly url: string;
  /** The one that serves, and supervises the others. */
  readonly main: ChildProcess;
  readonly dataDir: string;
  /** Everything that was printed. */
  readonly printed: () => string;
  /** Resolves with the exit code when all processes are gone. */
  readonly ended: Promise<number | null>;
}

/** @param env whatever differs; DATABASE_URL is that of `test` */
export async function startShop(test: TestDatabase, env: Record<string, string>): Promise<ShopProcesses> {
  const shop = await spawnShop({ DATABASE_URL: test.url, DATABASE_SCHEMA: test.schema, ...env });
  await eventually("the shop is open", () => shop.printed().includes("is open at"), 60_000);
  return shop;
}

/** Sends a signal to one process. To none at all would be to all of the test's own group. */
export function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (!pid) throw new Error(`there is no process to be sent ${name}`);
  process.kill(pid, name);
}

/** Starts the processes and does not wait for them. */
export async function spawnShop(env: Record<string, string>): Promise<ShopProcesses> {
  const dataDir = await mkdtemp(join(tmpdir(), "doorbuster-processes-"));
  const { PATH = "" } = process.env;
  // As npm's scripts do.
  const quickImports = new URL("../quick-imports.js", import.meta.url).href;
  const main = spawn(process.execPath, ["--import", quickImports, join(import.meta.dirname, "run-shop.fixture.ts")], {
    env: {
      PATH,
      NODE_ENV: "production",
      AUTH_SECRET: TEST_SECRET,
      DATA_DIR: dataDir,
      HOST: "127.0.0.1",
      PORT: "0",
      ROLES: "web",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [main.stdout, main.stderr]) stream?.setEncoding("utf8").on("data", (text) => (printed += text));
  // Its output ends when the last process that holds it has ended.
  const ended = once(main, "close").then(([code]) => code as number | null);
  return {
    get url() {
      return /is open at (\S+)/.exec(printed)?.[1] ?? "";
    },
    main,
    dataDir,
    printed: () => printed,
    ended,
    async [Symbol.asyncDispose]() {
      main.kill("SIGTERM");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

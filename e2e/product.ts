import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findEmbedded } from "../server/database/embedded/find-embedded.ts";
import { eventually } from "../server/testing/eventually.ts";

/**
 * The whole product as an operator starts it: a process of its own, at a port of its own, with its data in a folder of
 * its own. It can be killed and started again where it was.
 */
export class Product implements AsyncDisposable {
  readonly url: string;
  /** Where its warehouse answers, and what that wants to be shown. */
  readonly warehouse: { readonly url: string; readonly secret: string };
  readonly #environment: NodeJS.ProcessEnv;
  readonly #dataDir: string;
  #process: ChildProcess | undefined;
  #output = "";

  /** Makes the folder and starts. Resolves once all of it works. */
  static async start(): Promise<Product> {
    const [port, warehousePort] = await freePorts();
    const product = new Product(port, warehousePort, await mkdtemp(join(tmpdir(), "doorbuster-e2e-")));
    await product.start();
    return product;
  }

  private constructor(port: number, warehousePort: number, dataDir: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.warehouse = { url: `http://127.0.0.1:${warehousePort}`, secret: crypto.randomUUID() };
    this.#dataDir = dataDir;
    this.#environment = {
      ...process.env,
      NODE_ENV: "",
      HOST: "127.0.0.1",
      PORT: String(port),
      WAREHOUSE_PORT: String(warehousePort),
      WAREHOUSE_SECRET: this.warehouse.secret,
      WAREHOUSE_URL: "",
      METRICS_TOKEN: crypto.randomUUID(),
      DATA_DIR: dataDir,
      DATABASE_URL: "",
      LOG_LEVEL: "warn",
    };
  }

  /**
   * Starts the process. Resolves once it says that it is open: the shop answers before its worker and its warehouse do,
   * and a test that meets them absent would see what no test asked for.
   */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ["server/main.ts"], {
      cwd: ROOT,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    this.#output = "";
    const keep = (text: Buffer) => {
      this.#output = (this.#output + text).slice(-OUTPUT_CHARACTERS_MAX);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    await eventually("the product is open", () => this.#isOpen(child), START_MS_MAX);
  }

  /** Kills the process, as a crash would: nothing is finished, nobody is told. Its database stays. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Runs a command of the CLI beside the running product. Resolves with the lines of its standard output. */
  async cli(...args: string[]): Promise<string[]> {
    const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "cli", "--", ...args], {
      cwd: ROOT,
      env: this.#environment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** How many streams of live stock it has open. */
  async openStreams(): Promise<number> {
    const headers = { authorization: `Bearer ${this.#environment.METRICS_TOKEN}` };
    const metrics = await (await fetch(`${this.url}/metrics`, { headers })).text();
    return Number(/^doorbuster_viewers\{[^}]*\} (\d+)$/m.exec(metrics)?.[1]);
  }

  /** The address of its database, to look at or to harm what is stored behind its back. */
  async databaseUrl(): Promise<string> {
    const found = await findEmbedded({ dataDir: this.#dataDir });
    if (!found) throw new Error("The product's database does not run");
    return found.url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  #isOpen(child: ChildProcess): boolean {
    if (child.exitCode !== null) throw new Error(`The product ended with ${child.exitCode}:\n${this.#output}`);
    return this.#output.includes("Doorbuster is open");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

const ROOT = join(import.meta.dirname, "..");

/** A first start unpacks the database and builds the page, on a machine that may be busy. */
const START_MS_MAX = 120_000;

const OUTPUT_CHARACTERS_MAX = 20_000;

/** Two ports that are free and not the same. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer().listen(0, "127.0.0.1"), createServer().listen(0, "127.0.0.1")] as const;
  await Promise.all(servers.map((server) => once(server, "listening")));
  const [one, other] = servers;
  const ports: [number, number] = [portOf(one), portOf(other)];
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

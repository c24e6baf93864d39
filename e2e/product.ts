import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "../server/testing/eventually.ts";

/**
 * The whole product as an operator starts it: a process of its own, at a port of its own, with its data in a folder of
 * its own. It can be killed and started again where it was.
 */
export class Product implements AsyncDisposable {
  readonly url: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #dataDir: string;
  #process: ChildProcess | undefined;
  #output = "";

  /** Makes the folder and starts. Resolves once all of it works. */
  static async start(): Promise<Product> {
    const product = new Product(await freePort(), await mkdtemp(join(tmpdir(), "doorbuster-e2e-")));
    await product.start();
    return product;
  }

  private constructor(port: number, dataDir: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#dataDir = dataDir;
    this.#environment = {
      ...process.env,
      NODE_ENV: "",
      HOST: "127.0.0.1",
      PORT: String(port),
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

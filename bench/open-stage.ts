import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CredentialSigner } from "../server/accounts/credential.ts";
import { mintTokens } from "../server/accounts/mint-tokens.ts";
import { openDatabase } from "../server/database/database.ts";
import { startEmbedded } from "../server/database/embedded/start-embedded.ts";
import { migrate } from "../server/database/migrate.ts";
import { reconcile } from "../server/operations/reconcile.ts";
import { Stopper } from "../server/processes/stopper.ts";
import { startLoadProcess } from "./load/load-process.ts";
import { startChild } from "./stage/child.ts";
import { startServerProcess } from "./stage/server-process.ts";
import { cloneStore, onServer, SCHEMA, type Store, type Template, withDatabase } from "./stage/store.ts";
import type { Stage } from "./stage.ts";

/** The bench's own PostgreSQL server with the data that every store starts from. */
export interface OpenStage {
  readonly facts: DatabaseFacts;
  /** Where the database's files are. */
  readonly dataDirectory: string;
  /** What one figure gets. */
  forFigure(): FigureStage;
  /** Whether `close` was called: then figures fail for that reason. */
  readonly isClosing: boolean;
  /** Takes away everything, of figures under way too. Safe to call at any time, and twice. */
  close(): Promise<void>;
}

export interface FigureStage extends Stage {
  /** Stops everything that the figure started, and reconciles its stores. @throws ReconcileFailed */
  settle(): Promise<void>;
  /** Gives everything back. */
  close(): Promise<void>;
}

export interface DatabaseFacts {
  /** For example "18.4". */
  readonly version: string;
  /** As `show` says. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface StageOptions extends Pick<Stage, "roundMs" | "warmUpMs" | "storedAttempts" | "say"> {}

export class ReconcileFailed extends Error {
  override readonly name = "ReconcileFailed";
}

/** @throws whatever keeps the server from starting, after everything was taken away again */
export async function openStage(options: StageOptions): Promise<OpenStage> {
  const stopper = new Stopper();
  try {
    return await open(options, stopper);
  } catch (error) {
    await stopper.stop();
    throw error;
  }
}

async function open(options: StageOptions, stopper: Stopper): Promise<OpenStage> {
  const root = await mkdtemp(join(tmpdir(), "doorbuster-bench-"));
  // PostgreSQL does not run as root, so whoever it runs as must be able to pass through.
  await chmod(root, 0o711);
  stopper.add(() => rm(root, { recursive: true, force: true }));
  options.say("Starting PostgreSQL");
  const embedded = await startEmbedded({ dataDir: join(root, "database"), onProgress: options.say });
  stopper.add(async () => void (await embedded.release()));
  const postmasterPid = Number.parseInt(await readFile(join(embedded.dataDirectory, "postmaster.pid"), "utf8"), 10);
  const facts = await readFacts(embedded.url);
  const secret = randomBytes(32).toString("base64url");
  const template = await makeTemplate(embedded.url, { root, secret, say: options.say });
  let stores = 0;

  function forFigure(): FigureStage {
    const work = new Stopper();
    const data = new Stopper();
    const made: Store[] = [];
    // Whatever comes while everything is being taken away goes at once.
    const onEnd = (step: () => Promise<void>) => (work.isStopping ? void step().catch(() => {}) : work.add(step));
    const close = async () => {
      await work.stop().catch(() => {});
      await data.stop();
    };
    stopper.add(close);
    return {
      ...options,
      secret,
      postmasterPid,
      async makeStore() {
        stores += 1;
        const store = await cloneStore(template, `bench_${stores}`);
        data.add(async () => store[Symbol.asyncDispose]());
        made.push(store);
        return store;
      },
      startServer: (start) => startServerProcess(start, { secret, dataDir: root, onEnd }),
      startLoad: (store) => startLoadProcess(store, onEnd),
      startChild: (file, env) => startChild({ file, env, onEnd }),
      async makeFolder() {
        const folder = await mkdtemp(join(root, "folder-"));
        await chmod(folder, 0o755);
        data.add(() => rm(folder, { recursive: true, force: true }));
        return folder;
      },
      onEnd,
      async settle() {
        await work.stop();
        for (const store of made) await checkStore(store);
      },
      close,
    };
  }

  return {
    facts,
    dataDirectory: embedded.dataDirectory,
    forFigure,
    get isClosing() {
      return stopper.isStopping;
    },
    close: () => stopper.stop(),
  };
}

/** A migrated store with buyers, to be cloned for each figure, so that none of them begins with what another left. */
async function makeTemplate(
  serverUrl: string,
  { root, secret, say }: { root: string; secret: string; say: (sentence: string) => void },
): Promise<Template> {
  const name = "bench_template";
  await onServer(serverUrl, (admin) => admin.unsafe(`create database ${name}`));
  const url = withDatabase(serverUrl, name);
  await migrate({ url, schema: SCHEMA });
  const database = await openDatabase({ url, schema: SCHEMA, poolSize: 2 });
  say(`Making ${BUYERS.toLocaleString("en")} buyers`);
  const signer = new CredentialSigner(secret);
  const buyers = await mintTokens({ database, signer }, { count: BUYERS, balanceCents: BALANCE_CENTS });
  await database.close();
  await onServer(url, (admin) => admin.unsafe("vacuum (freeze, analyze)"));
  const buyersFile = join(root, "buyers.json");
  await writeFile(buyersFile, JSON.stringify(buyers), { mode: 0o600 });
  return { serverUrl, database: name, buyers, buyersFile };
}

/** As many that nobody meets the limit of purchases per user. */
const BUYERS = 20_000;

/** Nobody runs out. */
const BALANCE_CENTS = 1_000_000_000;

async function checkStore(store: Store): Promise<void> {
  const { ok, checks } = await reconcile(store.database);
  if (ok) return;
  const broken = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`);
  throw new ReconcileFailed(`reconcile is not clean. ${broken.join(" ")}`);
}

const SETTINGS_SHOWN = ["fsync", "full_page_writes", "synchronous_commit", "shared_buffers", "max_wal_size"];
const SETTINGS_ON = ["fsync", "full_page_writes", "synchronous_commit"];

/** @throws when a commit would not be on disk: a figure that was made like that is worth nothing */
async function readFacts(url: string): Promise<DatabaseFacts> {
  return onServer(url, async (admin) => {
    const settings: Record<string, string> = {};
    for (const name of SETTINGS_SHOWN) {
      const [row] = await admin.unsafe(`show ${name}`);
      settings[name] = String(row?.[name]);
    }
    const off = SETTINGS_ON.filter((name) => settings[name] !== "on");
    if (off.length > 0) throw new Error(`PostgreSQL runs without ${off.join(" and ")}`);
    const [row] = await admin`show server_version`;
    return { version: String(row?.server_version), settings };
  });
}

import { join } from "node:path";
import type { Logger } from "pino";
import { CHAOS_LATENCY_MS, type ChaosFault } from "../../../shared/operations.ts";
import { type Database, openDatabase } from "../../database/database.ts";
import { migrate } from "../../database/migrate.ts";
import { drain, listen } from "../../http/listen.ts";
import { createWarehouseApp } from "./app.ts";
import { Chaos, type Time } from "./chaos.ts";
import { DispatchBatcher } from "./dispatch.ts";
import { WarehouseMetrics } from "./warehouse-metrics.ts";

export interface WarehouseOptions {
  /** The warehouse's own database; it is made elsewhere. */
  readonly databaseUrl: string;
  /** The schema that holds its tables: made when it is absent. */
  readonly schema: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Callers have to show one of them: two while a secret is replaced. */
  readonly secrets: readonly string[];
  /** What opens `/metrics`; nobody is told anything where there is none. */
  readonly metricsToken?: string | undefined;
  readonly logger: Logger;
  /** Faults that it may be given. */
  readonly chaosAllowed: readonly ChaosFault[];
  /**
   * Faults that it has from its start until a time. A crash among them comes once in each start: whoever starts it again
   * after one leaves it out.
   */
  readonly chaos?: { readonly faults: readonly ChaosFault[]; readonly until: string } | undefined;
  /** Connections to the database, and so transactions at a time. */
  readonly poolSize: number;
  /** Ends the process at once, as a crash does. */
  readonly crash?: () => void;
  /** How time passes for faults. */
  readonly time?: Time;
  /** Told of what goes wrong and harms no caller: a connection that was lost and is replaced, say. */
  readonly onError: (error: unknown) => void;
  /** Told, in words for a person, about what may take longer than a second. */
  readonly onProgress?: (sentence: string) => void;
}

export interface Warehouse {
  /** Where it answers, for example http://localhost:3002. */
  readonly url: string;
  /** Takes no new connections, ends what chaos keeps waiting, and waits for requests under way, at most 10 s. */
  close(): Promise<void>;
}

/**
 * Starts the warehouse service: its store is brought up to date, then it listens.
 *
 * @throws DatabaseError, ListenError with a sentence for a person
 */
export async function startWarehouse(options: WarehouseOptions): Promise<Warehouse> {
  const { databaseUrl, schema, poolSize, onProgress, onError } = options;
  await migrate({ url: databaseUrl, schema, folder: WAREHOUSE_FOLDER, ...(onProgress && { onProgress }) });
  const database = await openDatabase({
    url: databaseUrl,
    schema,
    poolSize,
    applicationName: "doorbuster warehouse",
    onConnectionLost: onError,
  });
  try {
    return await serve(options, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What `migrate` reads the warehouse's tables from. */
export const WAREHOUSE_FOLDER = join(import.meta.dirname, "../../../drizzle/warehouse");

async function serve(options: WarehouseOptions, database: Database): Promise<Warehouse> {
  const { host, port, logger, chaosAllowed, crash = endProcess, onError } = options;
  const metrics = new WarehouseMetrics();
  const chaos = new Chaos({
    allowed: chaosAllowed,
    onInjected: (fault) => metrics.injected(fault),
    ...(options.time && { time: options.time }),
  });
  startFaults(chaos, options);
  const batcher = new DispatchBatcher(database, { onSettled: (batch) => metrics.settled(batch) });
  metrics.watch({ database, poolSize: options.poolSize, batcher, chaosState: () => chaos.state(), onError });
  let isDraining = false;
  const app = await createWarehouseApp({
    ...options,
    database,
    batcher,
    chaos,
    crash,
    metrics,
    metricsToken: options.metricsToken,
    isDraining: () => isDraining,
  });
  const url = await listen(app, { host, port, portName: "WAREHOUSE_PORT" });
  logger.info({ url }, "the warehouse answers");
  return {
    url,
    async close() {
      isDraining = true;
      chaos.stop();
      await drain(app);
      await batcher.close();
      await database.close();
    },
  };
}

function startFaults(chaos: Chaos, { chaos: given }: WarehouseOptions): void {
  for (const fault of given?.faults ?? []) {
    chaos.startUntil(fault, given?.until ?? "", { latencyMs: CHAOS_LATENCY_MS, rate: 1 });
  }
}

/** Nothing runs after it in this process, and nothing can hold it up. */
function endProcess(): void {
  process.kill(process.pid, "SIGKILL");
}

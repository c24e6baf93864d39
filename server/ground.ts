import { authSecret } from "./accounts/auth-secret.ts";
import type { Config } from "./config.ts";
import { choosePort } from "./database/embedded/choose-port.ts";
import { ensureRoleDatabase, ensureServerRole } from "./database/embedded/ensure-role-database.ts";
import { keepEmbedded } from "./database/embedded/keep-embedded.ts";
import { reachDatabase, retryWhileAway } from "./database/retry-while-away.ts";
import { checkPortIsFree } from "./http/listen-error.ts";
import { metricsToken } from "./metrics/metrics-token.ts";
import type { Stopper } from "./stopper.ts";
import { type WarehouseAccess, warehousePassword, warehouseSchema, warehouseSecret } from "./warehouse/access.ts";

/** What the roles of a start stand on: databases that run, and secrets. */
export interface Ground {
  /** Present when this start runs a part of the shop. */
  readonly shop: ShopGround | undefined;
  /** Present when this start runs the warehouse. */
  readonly warehouse: WarehouseGround | undefined;
}

export interface ShopGround {
  readonly databaseUrl: string;
  /** The store's owner, for migrations: on the embedded server the shop's own user may do no more than it needs. */
  readonly ownerUrl: string;
  /** Signs sessions. */
  readonly secret: string;
  /** Opens `/metrics`; absent in production when none is set. */
  readonly metricsToken: string | undefined;
  /** Absent: this start does not know of one, and what is sold waits for a worker that does. */
  readonly warehouse: WarehouseAccess | undefined;
}

export interface WarehouseGround {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** Callers have to show one of them. */
  readonly secrets: readonly string[];
  /** Opens `/metrics`; absent in production when none is set. */
  readonly metricsToken: string | undefined;
}

export interface GroundOptions {
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress: (sentence: string) => void;
  readonly onError: (error: unknown) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
}

/**
 * Finds or starts the databases, and finds or makes the secrets.
 *
 * @throws ConfigError, EmbeddedError, ListenError with a sentence for a person
 */
export async function layGround(config: Config, options: GroundOptions): Promise<Ground> {
  const { roles, host, port, warehouse } = config;
  if (roles.includes("web")) await checkPortIsFree(host, port);
  const embeddedUrl = once(() => startEmbedded(config, options));
  const shopSecret = once(() => authSecret(config));
  const secretOfWarehouse = warehouse.secret ?? warehouseSecret(await shopSecret());
  const runsWarehouse = roles.includes("warehouse");
  const warehousePort = runsWarehouse ? await chooseWarehousePort(config) : 0;
  const warehouseUrl = warehouse.url ?? (runsWarehouse ? `http://127.0.0.1:${warehousePort}` : undefined);
  const token = await metricsToken(config);
  const runsShop = roles.includes("web") || roles.includes("worker");
  const shopUrls = runsShop ? await shopDatabase(config, embeddedUrl, options) : undefined;
  return {
    shop:
      shopUrls === undefined
        ? undefined
        : {
            ...shopUrls,
            secret: await shopSecret(),
            metricsToken: token,
            warehouse: warehouseUrl === undefined ? undefined : { url: warehouseUrl, secret: secretOfWarehouse },
          },
    warehouse: runsWarehouse
      ? {
          databaseUrl: await warehouseDatabase(config, { embeddedUrl, shopSecret }, options),
          // Beside the shop it serves the shop alone.
          host: runsShop ? "127.0.0.1" : host,
          port: warehousePort,
          secrets: [secretOfWarehouse, ...(warehouse.previousSecret ? [warehouse.previousSecret] : [])],
          metricsToken: token,
        }
      : undefined,
  };
}

/** Databases that were given are met here, by the first process: whatever begins later may count on them. */
async function shopDatabase(
  { databaseUrl: url, databaseSchema: schema }: Config,
  embeddedUrl: () => Promise<string>,
  { onProgress }: GroundOptions,
): Promise<Pick<ShopGround, "databaseUrl" | "ownerUrl">> {
  if (url === undefined) {
    const ownerUrl = await embeddedUrl();
    return { ownerUrl, databaseUrl: await retryWhileAway(() => ensureServerRole(ownerUrl), onProgress) };
  }
  await reachDatabase({ url, schema }, onProgress);
  return { ownerUrl: url, databaseUrl: url };
}

async function warehouseDatabase(
  { databaseUrl, databaseSchema, warehouse }: Config,
  { embeddedUrl, shopSecret }: { embeddedUrl: () => Promise<string>; shopSecret: () => Promise<string> },
  { onProgress }: GroundOptions,
): Promise<string> {
  const url = warehouse.databaseUrl ?? databaseUrl;
  if (url !== undefined) {
    await reachDatabase({ url, schema: warehouseSchema(databaseSchema) }, onProgress);
    return url;
  }
  const ownerUrl = await embeddedUrl();
  const role = { name: "warehouse", password: warehousePassword(await shopSecret()) };
  return retryWhileAway(() => ensureRoleDatabase(ownerUrl, role), onProgress);
}

/**
 * Several shops on one machine get along, as long as nobody asks for a certain port. The shop's own port is free when this
 * looks, and will not be.
 */
export async function chooseWarehousePort({ roles, port, warehouse: { port: wanted } }: Config): Promise<number> {
  const isForShop = roles.includes("web") && port === WAREHOUSE_PORT;
  return wanted || choosePort(wanted === undefined && !isForShop ? WAREHOUSE_PORT : undefined);
}

const WAREHOUSE_PORT = 3002;

async function startEmbedded({ dataDir }: Config, { onProgress, onError, stopper }: GroundOptions): Promise<string> {
  const embedded = await retryWhileAway(() => keepEmbedded({ dataDir, onProgress, onDeath: onError }), onProgress);
  stopper.add(() => embedded.release());
  return embedded.url;
}

/** Does it when it is first asked for, and never again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

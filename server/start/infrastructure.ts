import { authSecret } from "../accounts/auth-secret.ts";
import { once } from "../concurrency/once.ts";
import { choosePort } from "../database/embedded/choose-port.ts";
import { ensureRoleDatabase, ensureServerRole } from "../database/embedded/databases.ts";
import { superviseEmbedded } from "../database/embedded/supervise-embedded.ts";
import { reachDatabase, retryWhileAway } from "../database/retry-while-away.ts";
import { checkPortIsFree } from "../http/listen.ts";
import { metricsToken } from "../metrics/metrics-token.ts";
import type { Config } from "../settings/config.ts";
import { type WarehouseAccess, warehousePassword, warehouseSchema, warehouseSecret } from "../warehouse/access.ts";
import type { WarehouseOptions } from "../warehouse/service/start-warehouse.ts";
import type { Starting } from "./starting.ts";

/** What the roles of a start stand on: databases that run, ports, and secrets. */
export interface Infrastructure {
  /** Present when this start runs a part of the shop. */
  shop?: ShopInfrastructure;
  /** Present when this start runs the warehouse. */
  warehouse?: WarehouseInfrastructure;
}

export interface ShopInfrastructure {
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

export type WarehouseInfrastructure = Pick<
  WarehouseOptions,
  "databaseUrl" | "host" | "port" | "secrets" | "metricsToken"
>;

/**
 * Finds or starts the databases, and finds or makes the secrets. Databases that were given are reached here: whatever
 * begins later may count on them.
 *
 * @throws ConfigError, EmbeddedError, ListenError with a sentence for a person
 */
export async function findInfrastructure(starting: Starting): Promise<Infrastructure> {
  const { config, onProgress } = starting;
  const { roles, host, port, databaseUrl, databaseSchema: schema, warehouse } = config;
  const runsShop = roles.includes("web") || roles.includes("worker");
  const runsWarehouse = roles.includes("warehouse");
  if (roles.includes("web")) await checkPortIsFree(host, port);
  const embeddedUrl = once(() => startEmbedded(starting));
  // A warehouse alone knows no secret of the shop's.
  const shopSecret = once(() => authSecret(config));
  const secret = warehouse.secret ?? warehouseSecret(await shopSecret());
  const warehousePort = runsWarehouse ? await chooseWarehousePort(config) : 0;
  const warehouseUrl = warehouse.url ?? (runsWarehouse ? `http://127.0.0.1:${warehousePort}` : undefined);
  const token = await metricsToken(config);

  const infrastructure: Infrastructure = {};
  if (runsShop) {
    const ownerUrl = databaseUrl ?? (await embeddedUrl());
    if (databaseUrl !== undefined) await reachDatabase({ url: databaseUrl, schema }, onProgress);
    infrastructure.shop = {
      ownerUrl,
      databaseUrl: databaseUrl ?? (await retryWhileAway(() => ensureServerRole(ownerUrl), onProgress)),
      secret: await shopSecret(),
      metricsToken: token,
      warehouse: warehouseUrl === undefined ? undefined : { url: warehouseUrl, secret },
    };
  }
  if (runsWarehouse) {
    let url = warehouse.databaseUrl ?? databaseUrl;
    if (url !== undefined) await reachDatabase({ url, schema: warehouseSchema(schema) }, onProgress);
    else {
      const ownerUrl = await embeddedUrl();
      const role = { name: "warehouse", password: warehousePassword(await shopSecret()) };
      url = await retryWhileAway(() => ensureRoleDatabase(ownerUrl, role), onProgress);
    }
    infrastructure.warehouse = {
      databaseUrl: url,
      // Beside the shop it serves the shop alone.
      host: runsShop ? "127.0.0.1" : host,
      port: warehousePort,
      secrets: [secret, ...(warehouse.previousSecret ? [warehouse.previousSecret] : [])],
      metricsToken: token,
    };
  }
  return infrastructure;
}

/**
 * Several starts on one machine get along, as long as nobody asks for a certain port. The shop's own port is free when
 * this looks, and will not be.
 */
export async function chooseWarehousePort({ roles, port, warehouse: { port: wanted } }: Config): Promise<number> {
  const isForShop = roles.includes("web") && port === WAREHOUSE_PORT;
  return wanted || choosePort(wanted === undefined && !isForShop ? WAREHOUSE_PORT : undefined);
}

const WAREHOUSE_PORT = 3002;

async function startEmbedded({ config: { dataDir }, onProgress, onError, stopper }: Starting): Promise<string> {
  const embedded = await retryWhileAway(() => superviseEmbedded({ dataDir, onProgress, onDeath: onError }), onProgress);
  stopper.add(() => embedded.release());
  return embedded.url;
}

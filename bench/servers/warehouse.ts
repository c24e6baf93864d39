import { createLogger } from "../../server/processes/logger.ts";
import { warehouseSchema, warehouseSecret } from "../../server/warehouse/access.ts";
import { startWarehouse } from "../../server/warehouse/service/start-warehouse.ts";
import { serve } from "./serve.ts";

const { DATABASE_URL = "", DATABASE_SCHEMA = "", AUTH_SECRET = "" } = process.env;

/** The warehouse service, with its tables beside the store's. */
await serve(async () => {
  const { url, close } = await startWarehouse({
    databaseUrl: DATABASE_URL,
    schema: warehouseSchema(DATABASE_SCHEMA),
    host: "127.0.0.1",
    port: 0,
    secrets: [warehouseSecret(AUTH_SECRET)],
    logger: createLogger({ mode: "production", logLevel: "error" }),
    chaosAllowed: [],
    poolSize: 10,
    onError: (error) => process.stderr.write(`${error}\n`),
  });
  return { url, stop: close };
});

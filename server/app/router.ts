import { keysRouter } from "../accounts/keys/router.ts";
import { auditRouter } from "../audit/router.ts";
import { figuresRouter } from "../figures/router.ts";
import { router } from "../http/trpc.ts";
import { operationsRouter } from "../operations/router.ts";
import { ordersRouter } from "../orders/router.ts";
import { familiesRouter } from "../products/families/router.ts";
import { productsRouter } from "../products/router.ts";
import { warehousesRouter } from "../products/warehouses/router.ts";
import { proofRouter } from "../proof/router.ts";
import { purchasesRouter } from "../purchases/router.ts";
import { recordRouter } from "../record/router.ts";
import { salesRouter } from "../sales/router.ts";
import { tasksRouter } from "../tasks/router.ts";
import { usersRouter } from "../users/router.ts";
import { walletsRouter } from "../wallets/router.ts";
import { warehouseRouter } from "../warehouse/router.ts";
import type { Services } from "./services.ts";

/** Every procedure of the shop. Its type is all that a client imports. */
export const createRouter = (services: Services) =>
  router({
    sales: salesRouter(services),
    purchases: purchasesRouter(services),
    products: productsRouter(services),
    families: familiesRouter(services),
    warehouses: warehousesRouter(services),
    orders: ordersRouter(services),
    tasks: tasksRouter(services),
    wallets: walletsRouter(services),
    users: usersRouter(services),
    keys: keysRouter(services),
    warehouse: warehouseRouter(services),
    operations: operationsRouter(services),
    figures: figuresRouter(services),
    audit: auditRouter(services),
    record: recordRouter(services),
    proof: proofRouter(services),
  });

export type AppRouter = ReturnType<typeof createRouter>;

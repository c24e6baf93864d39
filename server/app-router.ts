import { auditRouter } from "./audit/router.ts";
import { router } from "./http/trpc.ts";
import { operationsRouter } from "./operations/router.ts";
import { ordersRouter } from "./orders/router.ts";
import { productsRouter } from "./products/router.ts";
import { purchasesRouter } from "./purchases/router.ts";
import { salesRouter } from "./sales/router.ts";
import { tasksRouter } from "./tasks/router.ts";
import { usersRouter } from "./users/router.ts";
import { walletsRouter } from "./wallets/router.ts";
import { warehouseRouter } from "./warehouse/router.ts";

/** Every procedure of the shop. Its type is all that a client imports. */
export const appRouter = router({
  sales: salesRouter,
  purchases: purchasesRouter,
  products: productsRouter,
  orders: ordersRouter,
  tasks: tasksRouter,
  wallets: walletsRouter,
  users: usersRouter,
  warehouse: warehouseRouter,
  operations: operationsRouter,
  audit: auditRouter,
});

export type AppRouter = typeof appRouter;

import type { Sessions } from "../accounts/sessions.ts";
import type { Databases } from "../database/databases.ts";
import type { FigureFeeds } from "../figures/feeds.ts";
import type { Limits } from "../http/rate-limits.ts";
import type { RehearsalRunner } from "../operations/rehearsals/runner.ts";
import type { OrderGate } from "../orders/order-gate.ts";
import type { ProofServices } from "../proof/services.ts";
import type { Purchaser } from "../purchases/buy.ts";
import type { LiveSales } from "../sales/live/live-sales.ts";
import type { Tasks } from "../tasks/tasks.ts";
import type { PaymentProvider } from "../wallets/payment-provider.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";

/** All that routers and routes work with, made once at the start. Each of them says itself what of it it takes. */
export interface Services extends Databases, Pick<ProofServices, "proofKey"> {
  /** Settles purchases, all requests for one item together. */
  readonly purchaseBatcher: Purchaser;
  /** Lets a few orders at a time into the database. */
  readonly orderGate: OrderGate;
  /** Tells open pages of changes, after they are committed. */
  readonly liveSales: LiveSales;
  /** What operators watch while a sale runs. */
  readonly figures: Pick<FigureFeeds, "watch" | "close">;
  readonly sessions: Sessions;
  /** How much one caller may take. */
  readonly limits: Limits;
  /** Work that is to take effect exactly once. */
  readonly tasks: Tasks;
  /** Where goods lie; absent where this process knows of none. */
  readonly warehouse: WarehouseClient | undefined;
  /** Runs rehearsals of sales, each in a store of its own. */
  readonly rehearsals: RehearsalRunner;
  /** Told of what went wrong without making an answer wrong. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Takes buyers' money; absent where none is configured, and topping up is then refused. */
  readonly paymentProvider: PaymentProvider | undefined;
}

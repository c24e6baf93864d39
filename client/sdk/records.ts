import type { Procedures } from "./router.ts";

// What the shop answers, by name: an editor then shows a name instead of a page of fields.

export interface Sale extends Answer<"sales", "byId"> {}
export interface Item extends Row<Sale["items"]> {}
export interface SaleUpdate extends Answer<"sales", "watch"> {}
export type SaleStatus = Sale["status"];

/** A decision: look at `outcome` first. */
export type PurchaseResult = Answer<"purchases", "buy">;
export type Purchased = Extract<PurchaseResult, { outcome: "purchased" }>;
export type Refused = Extract<PurchaseResult, { outcome: "refused" }>;
export type RefusalCode = Refused["code"];
export interface Purchase extends Answer<"purchases", "byId"> {}
export interface PurchaseRecord extends Listed<"purchases", "list"> {}
export type RefundResult = Answer<"purchases", "refund">;

export interface Product extends Listed<"products", "list"> {}
export interface Receipt extends Answer<"products", "receive"> {}

/** A decision: look at `outcome` first. */
export type OrderResult = Answer<"orders", "place">;
export interface Order extends Answer<"orders", "byId"> {}
export interface OrderRecord extends Listed<"orders", "list"> {}
export type OrderRefundResult = Answer<"orders", "refund">;

export interface Task extends Listed<"tasks", "list"> {}
export interface TaskWithLog extends Answer<"tasks", "byId"> {}

export interface Wallet extends Answer<"wallets", "mine"> {}
export interface Movement extends Listed<"wallets", "movements"> {}
export interface CreditResult extends Answer<"wallets", "credit"> {}

export interface User extends Answer<"users", "byId"> {}
export interface SetActiveResult extends Answer<"users", "setActive"> {}
export interface ReconcileResult extends Answer<"operations", "reconcile"> {}
export interface ReconcileState extends Answer<"operations", "reconcileState"> {}
export interface Metrics extends Answer<"operations", "metrics"> {}
export interface ChaosState extends Answer<"operations", "chaosState"> {}
export type Verdict = NonNullable<Answer<"operations", "verdict">>;

export interface Stock extends Listed<"warehouse", "stock"> {}
export interface InventoryUpdate extends Listed<"warehouse", "updates"> {}
export interface Breaker extends Answer<"warehouse", "breaker"> {}

export interface SaleFigures extends Answer<"figures", "watch"> {}

export interface AuditEntry extends Listed<"audit", "list"> {}

/** One page of a list. `nextCursor` asks for the page after it; null on the last. */
export interface Page<Of> {
  readonly items: Of[];
  readonly nextCursor: string | null;
}

/** What a program sends to make one. */
export type CreateSaleRequest = Procedures["sales"]["create"]["input"];
export type CreateProductRequest = Procedures["products"]["create"]["input"];

type Answer<Domain extends keyof Procedures, Name extends keyof Procedures[Domain]> = Procedures[Domain][Name] extends {
  output: infer Output;
}
  ? Output
  : never;

type Listed<Domain extends keyof Procedures, Name extends keyof Procedures[Domain]> =
  Answer<Domain, Name> extends {
    items: (infer Of)[];
  }
    ? Of
    : never;

type Row<Rows> = Rows extends (infer Of)[] ? Of : never;

import type * as audit from "../../shared/audit.ts";
import type * as operations from "../../shared/operations.ts";
import type * as orders from "../../shared/orders.ts";
import type * as products from "../../shared/products.ts";
import type * as purchases from "../../shared/purchases.ts";
import type * as sales from "../../shared/sales.ts";
import type * as tasks from "../../shared/tasks.ts";
import type * as users from "../../shared/users.ts";
import type * as wallets from "../../shared/wallets.ts";
import type * as warehouse from "../../shared/warehouse.ts";

// What the shop answers, as interfaces: an editor then shows a name instead of a page of inferred fields.

export interface Sale extends sales.Sale {}
export interface Item extends sales.Item {}
export interface SaleUpdate extends sales.SaleUpdate {}
export interface AdjustStockResult extends sales.AdjustStockResult {}
export interface CreateSaleRequest extends sales.CreateSaleInput {}
export interface UpdateSaleRequest extends sales.UpdateSaleInput {}

export interface Purchased extends purchases.Purchased {}
export interface Refused extends purchases.Refused {}
/** A decision: look at `outcome` first. */
export type PurchaseResult = Purchased | Refused;
export interface Purchase extends purchases.Purchase {}
export interface PurchaseRecord extends purchases.PurchaseRecord {}
export type RefundResult = purchases.RefundResult;

export interface Product extends products.Product {}
export interface Receipt extends products.Receipt {}

export interface Order extends orders.Order {}
export interface OrderRecord extends orders.OrderRecord {}
export interface OrderProblem extends orders.OrderProblem {}
/** A decision: look at `outcome` first. */
export type OrderResult = orders.OrderResult;
export type OrderRefundResult = orders.OrderRefundResult;

export interface Task extends tasks.Task {}
export interface TaskLogEntry extends tasks.TaskLogEntry {}
export interface TaskWithLog extends tasks.TaskWithLog {}

export interface Wallet extends wallets.Wallet {}
export interface Movement extends wallets.Movement {}
export interface CreditResult extends wallets.CreditResult {}

export interface User extends users.User {}
export interface SetActiveResult extends users.SetActiveResult {}
export interface ReconcileResult extends operations.ReconcileResult {}
export interface ReconcileRun extends operations.ReconcileRun {}
export interface ReconcileState extends operations.ReconcileState {}
export interface Metrics extends operations.Metrics {}
/** A fault to give to the warehouse, or the end of all. */
export type ChaosRequest = operations.ChaosRequest;
export interface ChaosState extends operations.ChaosState {}
export interface Verdict extends operations.Verdict {}

export interface Stock extends warehouse.Stock {}
export interface InventoryUpdate extends warehouse.InventoryUpdate {}
export interface Breaker extends warehouse.Breaker {}

export interface AuditEntry extends audit.AuditEntry {}

export type { FaultCode } from "../../shared/faults.ts";
export type { ChaosFault } from "../../shared/operations.ts";
export type { OrderErrorCode, OrderRefundRefusalCode, OrderRefusalCode, OrderStatus } from "../../shared/orders.ts";
export type { RefundRefusalCode, RefusalCode } from "../../shared/purchases.ts";
export type { SaleStatus } from "../../shared/sales.ts";
export type { TaskEvent, TaskKind, TaskStatus } from "../../shared/tasks.ts";
export type { UserRole } from "../../shared/users.ts";
export type { MovementKind } from "../../shared/wallets.ts";
export type { BreakerState } from "../../shared/warehouse.ts";

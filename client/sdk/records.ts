import type * as operations from "../../shared/operations.ts";
import type * as purchases from "../../shared/purchases.ts";
import type * as sales from "../../shared/sales.ts";
import type * as users from "../../shared/users.ts";
import type * as wallets from "../../shared/wallets.ts";

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
export type RefundResult = purchases.RefundResult;

export interface Wallet extends wallets.Wallet {}
export interface Movement extends wallets.Movement {}
export interface CreditResult extends wallets.CreditResult {}

export interface User extends users.User {}
export interface ReconcileResult extends operations.ReconcileResult {}

export type { FaultCode } from "../../shared/faults.ts";
export type { RefundRefusalCode, RefusalCode } from "../../shared/purchases.ts";
export type { SaleStatus } from "../../shared/sales.ts";
export type { UserRole } from "../../shared/users.ts";
export type { MovementKind } from "../../shared/wallets.ts";

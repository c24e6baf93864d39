import type { SaleStatus, TaskKind, TaskStatus } from "./records.ts";

// What is asked of the shop, as interfaces.

/** One page of a list. `nextCursor` asks for the page after it; null on the last. */
export interface Page<Row> {
  readonly items: Row[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly cursor?: string | null | undefined;
  /** Rows in a page, from 1 to 100; 20 when left out. */
  readonly limit?: number | undefined;
}

export interface ListSalesRequest extends PageRequest {
  readonly status?: SaleStatus | undefined;
}

export interface SaleRequest {
  readonly saleId: number;
}

/** A change of something that operators may edit at the same time. */
export interface EditRequest {
  /**
   * The `edits` that it was answered with: the change then fails with `CHANGED_MEANWHILE` where it was edited since. Left
   * out, it overwrites whatever there is.
   */
  readonly edits?: number | undefined;
}

export interface ChangeSaleRequest extends SaleRequest, EditRequest {
  /** Kept in the audit log. */
  readonly reason?: string | undefined;
}

/** A key belongs to one intent: the same one on every retry, a new one for a new wish. Made when left out. */
export interface KeyedRequest {
  readonly idempotencyKey?: string | undefined;
}

export interface BuyRequest extends KeyedRequest {
  readonly itemId: number;
  /** Units; 1 when left out. */
  readonly quantity?: number | undefined;
}

export interface KeyRequest {
  readonly idempotencyKey: string;
}

export interface PurchaseRequest {
  readonly purchaseId: string;
}

/** A user, an item or a purchase is needed. Filters hold together. */
export interface ListPurchasesRequest extends PageRequest {
  readonly userId?: string | undefined;
  readonly itemId?: number | undefined;
  readonly purchaseId?: string | undefined;
  /** With `userId`, to whom it belongs. */
  readonly idempotencyKey?: string | undefined;
}

export interface ListOrdersRequest extends PageRequest {
  readonly userId?: string | undefined;
  /** With `userId`, to whom it belongs. */
  readonly idempotencyKey?: string | undefined;
}

export interface StatementRequest extends PageRequest {
  readonly userId: string;
}

export interface RefundRequest extends KeyedRequest {
  readonly purchaseId: string;
  /** The buyer reads it; "Refunded by the shop" when left out. */
  readonly reason?: string | undefined;
}

export interface AdjustStockRequest extends KeyedRequest, EditRequest {
  readonly itemId: number;
  /** Units to add (positive) or to withdraw (negative). */
  readonly change: number;
  readonly reason: string;
}

export interface ListProductsRequest extends PageRequest {
  /** Words, or beginnings of words, of the name or the description, in any order. */
  readonly search?: string | undefined;
  /** Only these, at most 100; those that cannot be ordered are left out. */
  readonly productIds?: readonly number[] | undefined;
}

export interface CreateProductRequest {
  readonly name: string;
  readonly description?: string | undefined;
  /** A path on the shop's own site. */
  readonly imageUrl?: string | null | undefined;
  readonly priceCents: number;
  /** Whether it can be ordered at once; true when left out. */
  readonly available?: boolean | undefined;
}

export interface UpdateProductRequest extends Partial<CreateProductRequest>, EditRequest {
  readonly productId: number;
}

export interface ReceiveRequest extends KeyedRequest {
  readonly productId: number;
  /** The first warehouse when left out. */
  readonly warehouseId?: number | undefined;
  readonly units: number;
  readonly reason?: string | undefined;
}

export interface PlaceOrderRequest extends KeyedRequest {
  /** At most 100, of at most 100 units each. A product may be in several. */
  readonly lines: readonly { readonly productId: number; readonly quantity: number }[];
  /** Left out: the one that can serve most of the basket. */
  readonly warehouseId?: number | undefined;
}

export interface StockRequest extends PageRequest {
  /** A part of the name, or the product's id. */
  readonly search?: string | undefined;
}

export interface InventoryUpdatesRequest extends PageRequest {
  readonly productId?: number | undefined;
  /** The purchase's id, or `order-` and the order's. */
  readonly reference?: string | undefined;
  /** Only what came after this update, oldest first. */
  readonly afterId?: number | undefined;
}

export interface OrderRequest {
  readonly orderId: number;
}

export interface RefundOrderRequest extends KeyedRequest {
  readonly orderId: number;
  /** The buyer reads it; "Refunded by the shop" when left out. */
  readonly reason?: string | undefined;
}

/** Filters hold together. A word that ends in `*` stands for all that begin so: `orders.*`, `sale:*`. */
export interface ListAuditRequest extends PageRequest {
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly outcome?: "success" | "failure" | undefined;
  /** From this time on. */
  readonly from?: string | undefined;
  /** Before this time. */
  readonly to?: string | undefined;
}

export interface SubmitTaskRequest {
  /** 1 to 255 visible ASCII characters; made when left out. */
  readonly taskId?: string | undefined;
  readonly kind?: "simulate" | undefined;
  /** Any JSON, at most 64 kB. */
  readonly payload?: unknown;
  /** How long the work takes; 100 to 600 ms at random when left out. */
  readonly delayMs?: number | undefined;
  /** How often an attempt fails, from 0 to 1; 0.2 when left out. */
  readonly failureRate?: number | undefined;
  /** The higher ones first; 0 when left out. */
  readonly priority?: number | undefined;
  /** How long the first attempt waits. */
  readonly runAfterMs?: number | undefined;
  readonly attemptsMax?: number | undefined;
  readonly backoffMinMs?: number | undefined;
  readonly backoffMaxMs?: number | undefined;
  readonly leaseMs?: number | undefined;
}

/** Filters hold together. */
export interface ListTasksRequest extends PageRequest {
  readonly status?: TaskStatus | undefined;
  readonly kind?: TaskKind | undefined;
  /** The beginning of the id. */
  readonly taskId?: string | undefined;
}

export interface TaskRequest {
  readonly taskId: string;
}

export interface TopUpRequest extends KeyedRequest {
  readonly amountCents: number;
}

export interface CreditRequest extends KeyedRequest {
  readonly userId: string;
  readonly amountCents: number;
  readonly reason: string;
}

export interface ListUsersRequest extends PageRequest {
  /** A part of the name or of the e-mail address, or the id of the user or of a purchase of theirs, or the number of an order. */
  readonly search?: string | undefined;
}

export interface UserRequest {
  readonly userId: string;
}

export interface SetActiveRequest extends UserRequest {
  readonly active: boolean;
  /** For other operators, in the audit log: the user does not read it. */
  readonly reason?: string | undefined;
}

import type { DoorbusterErrorCode } from "./errors.ts";
import type {
  AdjustStockResult,
  AuditEntry,
  Breaker,
  ChaosRequest,
  ChaosState,
  CreateSaleRequest,
  CreditResult,
  InventoryUpdate,
  Metrics,
  Movement,
  Order,
  OrderRefundResult,
  OrderResult,
  Product,
  Purchase,
  PurchaseResult,
  Receipt,
  ReconcileResult,
  RefundResult,
  Sale,
  SaleStatus,
  SaleUpdate,
  Stock,
  Task,
  TaskKind,
  TaskStatus,
  TaskWithLog,
  UpdateSaleRequest,
  User,
  Verdict,
  Wallet,
} from "./records.ts";

/**
 * Everything that a shop's programs can ask of it. Every method rejects with a `DoorbusterError` and nothing else.
 * Amounts are integers of the currency's minor unit (cents); times are ISO 8601 in UTC.
 */
export interface DoorbusterClient {
  readonly sales: SalesClient;
  readonly purchases: PurchasesClient;
  readonly products: ProductsClient;
  readonly orders: OrdersClient;
  readonly tasks: TasksClient;
  readonly wallets: WalletsClient;
  readonly users: UsersClient;
  readonly warehouse: WarehouseClient;
  readonly operations: OperationsClient;
  readonly audit: AuditClient;
}

/** Sales and their live stock. Reading is for anyone, the rest for operators. */
export interface SalesClient {
  list(request?: ListSalesRequest, options?: CallOptions): Promise<Page<Sale>>;
  byId(request: SaleRequest, options?: CallOptions): Promise<Sale>;
  /**
   * Follows a sale: its present state at once, then every change, until the loop is left, the signal aborts or the
   * sale cannot be watched at all (not found, not allowed), which throws. Connects anew by itself, with back-off,
   * whenever the connection is lost or silent. Versions never go back.
   */
  watch(request: SaleRequest, options?: WatchOptions): AsyncIterableIterator<SaleUpdate, void, undefined>;
  create(request: CreateSaleRequest, options?: CallOptions): Promise<Sale>;
  update(request: UpdateSaleRequest, options?: CallOptions): Promise<Sale>;
  pause(request: SaleRequest, options?: CallOptions): Promise<Sale>;
  resume(request: SaleRequest, options?: CallOptions): Promise<Sale>;
  cancel(request: SaleRequest, options?: CallOptions): Promise<Sale>;
  /** Adds or withdraws units, once per key. Tried again until it is answered. */
  adjustStock(request: AdjustStockRequest, options?: RetryOptions): Promise<AdjustStockResult>;
}

export interface PurchasesClient {
  /**
   * Buys, once per key, and resolves with the decision: purchased or refused. Lost connections, slow answers and a
   * crowded shop are tried again with the same key, so that the buyer is never charged twice; a decision never is.
   *
   * @throws {DoorbusterError} with `outcome: "unknown"` and its `idempotencyKey` where no answer came before the
   *   deadline: call again with that key, or ask `byKey`
   */
  buy(request: BuyRequest, options?: RetryOptions): Promise<PurchaseResult>;
  /** What was decided under a key of one's own; null when nothing was. */
  byKey(request: KeyRequest, options?: CallOptions): Promise<PurchaseResult | null>;
  /** One's own purchases, newest first. */
  mine(request?: PageRequest, options?: CallOptions): Promise<Page<Purchase>>;
  /** Gives units and money back, once. For operators. Tried again until it is answered. */
  refund(request: RefundRequest, options?: RetryOptions): Promise<RefundResult>;
}

/** The catalogue. Reading is for anyone, the rest for operators. */
export interface ProductsClient {
  /** Products that can be ordered, by name; all that are found where nothing is searched for. */
  list(request?: ListProductsRequest, options?: CallOptions): Promise<Page<Product>>;
  /** Puts a product into the catalogue; no warehouse keeps it until goods are received. */
  create(request: CreateProductRequest, options?: CallOptions): Promise<Product>;
  /** What is left out stays as it is. Orders keep the name and the price that they were placed with. */
  update(request: UpdateProductRequest, options?: CallOptions): Promise<Product>;
  /** Takes goods into a warehouse, once per key. Tried again until it is answered. */
  receive(request: ReceiveRequest, options?: RetryOptions): Promise<Receipt>;
}

export interface OrdersClient {
  /**
   * Buys a basket, all of it or nothing, once per key, and resolves with the decision: placed or refused. Tried again
   * with the same key as `purchases.buy` is; a key that was answered before gets its order as it stands now. A refusal
   * leaves nothing behind: the basket may be sent again under its key once it can be had.
   *
   * @throws {DoorbusterError} with `outcome: "unknown"` and its `idempotencyKey` where no answer came before the
   *   deadline: call again with that key, or ask `byKey`
   */
  place(request: PlaceOrderRequest, options?: RetryOptions): Promise<OrderResult>;
  /** An order of one's own as it stands; any for operators. */
  byId(request: OrderRequest, options?: CallOptions): Promise<Order>;
  /** One's own order under a key, as it stands; null when none was placed. */
  byKey(request: KeyRequest, options?: CallOptions): Promise<Order | null>;
  /** One's own orders, newest first. */
  mine(request?: PageRequest, options?: CallOptions): Promise<Page<Order>>;
  /** Gives units and money back, once. For operators. Tried again until it is answered. */
  refund(request: RefundOrderRequest, options?: RetryOptions): Promise<OrderRefundResult>;
}

/** Work that takes effect exactly once. For operators. */
export interface TasksClient {
  /**
   * Submits a task and resolves with it, once per `taskId`: an id that is there already gives that task with
   * `duplicate: true`, whatever else was asked for. Tried again until it is answered; an answer that was lost on the way
   * makes the next one a duplicate too.
   */
  submit(request?: SubmitTaskRequest, options?: RetryOptions): Promise<Task>;
  /** Newest first. */
  list(request?: ListTasksRequest, options?: CallOptions): Promise<Page<Task>>;
  /** With all that happened to it. */
  byId(request: TaskRequest, options?: CallOptions): Promise<TaskWithLog>;
  /** Gives a task that has failed another round of attempts; one that is running or waiting is a `duplicate`. */
  retry(request: TaskRequest, options?: CallOptions): Promise<Task>;
}

export interface WalletsClient {
  mine(options?: CallOptions): Promise<Wallet>;
  /** One's statement, newest first, with the balance after each movement. */
  movements(request?: PageRequest, options?: CallOptions): Promise<Page<Movement>>;
  /** Puts money in through the shop's payment provider, once per key. Tried again until it is answered. */
  topUp(request: TopUpRequest, options?: RetryOptions): Promise<CreditResult>;
  /** Gives a user money, once per key. For operators. Tried again until it is answered. */
  credit(request: CreditRequest, options?: RetryOptions): Promise<CreditResult>;
}

/** For operators. */
export interface UsersClient {
  list(request?: ListUsersRequest, options?: CallOptions): Promise<Page<User>>;
  byId(request: UserRequest, options?: CallOptions): Promise<User>;
  /** A user who is not active is signed out everywhere and can buy nothing. */
  setActive(request: SetActiveRequest, options?: CallOptions): Promise<User>;
}

/** The warehouse service. For operators. While it cannot be asked, `stock` and `updates` fail with `UNAVAILABLE`. */
export interface WarehouseClient {
  /** What lies in it, by product id, beside what the shop can still sell and has yet to send. */
  stock(request?: StockRequest, options?: CallOptions): Promise<Page<Stock>>;
  /** Its history, newest first. */
  updates(request?: InventoryUpdatesRequest, options?: CallOptions): Promise<Page<InventoryUpdate>>;
  /** The circuit breakers of all processes that call it. */
  breaker(options?: CallOptions): Promise<Breaker>;
}

/** For operators. */
export interface OperationsClient {
  /**
   * Checks in one snapshot that no unit and no cent was lost or made, and, where the warehouse can be asked, that it has
   * what the shop believes it has.
   */
  reconcile(options?: CallOptions): Promise<ReconcileResult>;
  /** What happened over the last minutes, step by step. */
  metrics(options?: CallOptions): Promise<Metrics>;
  /** Gives the warehouse a fault on purpose until its end, or ends all of them. */
  chaos(request: ChaosRequest, options?: CallOptions): Promise<ChaosState>;
  /** The faults that it has now. */
  chaosState(options?: CallOptions): Promise<ChaosState>;
  /** What came of the latest faults: nothing lost, nothing doubled. Null when there never were any. */
  verdict(options?: CallOptions): Promise<Verdict | null>;
}

/** For operators. */
export interface AuditClient {
  /** Who did what to what, newest first. */
  list(request?: ListAuditRequest, options?: CallOptions): Promise<Page<AuditEntry>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface RetryOptions extends CallOptions {
  /** How long all tries may take together, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** Called before each wait for a further try, so that a page can say what it is doing. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

export interface Retry {
  /** How many tries have failed so far. */
  readonly attempt: number;
  /** Why the last one failed. */
  readonly reason: DoorbusterErrorCode;
  /** How long until the next one, in milliseconds. */
  readonly delayMs: number;
}

export type WatchState = "connecting" | "open" | "reconnecting";

export interface WatchOptions extends CallOptions {
  readonly onStateChange?: ((state: WatchState) => void) | undefined;
}

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

export interface RefundRequest extends KeyedRequest {
  readonly purchaseId: string;
}

export interface AdjustStockRequest extends KeyedRequest {
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

export interface UpdateProductRequest extends Partial<CreateProductRequest> {
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
  /** A part of the name or of the e-mail address. */
  readonly search?: string | undefined;
}

export interface UserRequest {
  readonly userId: string;
}

export interface SetActiveRequest extends UserRequest {
  readonly active: boolean;
}

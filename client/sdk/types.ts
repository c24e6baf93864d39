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
  OrderRecord,
  OrderRefundResult,
  OrderResult,
  Product,
  Purchase,
  PurchaseRecord,
  PurchaseResult,
  Receipt,
  ReconcileResult,
  ReconcileState,
  RefundResult,
  Sale,
  SaleUpdate,
  SetActiveResult,
  Stock,
  Task,
  TaskWithLog,
  UpdateSaleRequest,
  User,
  Verdict,
  Wallet,
} from "./records.ts";
import type {
  AdjustStockRequest,
  BuyRequest,
  ChangeSaleRequest,
  CreateProductRequest,
  CreditRequest,
  InventoryUpdatesRequest,
  KeyRequest,
  ListAuditRequest,
  ListOrdersRequest,
  ListProductsRequest,
  ListPurchasesRequest,
  ListSalesRequest,
  ListTasksRequest,
  ListUsersRequest,
  OrderRequest,
  Page,
  PageRequest,
  PlaceOrderRequest,
  PurchaseRequest,
  ReceiveRequest,
  RefundOrderRequest,
  RefundRequest,
  SaleRequest,
  SetActiveRequest,
  StatementRequest,
  StockRequest,
  SubmitTaskRequest,
  TaskRequest,
  TopUpRequest,
  UpdateProductRequest,
  UserRequest,
} from "./requests.ts";

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
  /** What is left out stays as it is. */
  update(request: UpdateSaleRequest, options?: CallOptions): Promise<Sale>;
  pause(request: ChangeSaleRequest, options?: CallOptions): Promise<Sale>;
  resume(request: ChangeSaleRequest, options?: CallOptions): Promise<Sale>;
  cancel(request: ChangeSaleRequest, options?: CallOptions): Promise<Sale>;
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
  /** One of one's own purchases, as it stands. */
  byId(request: PurchaseRequest, options?: CallOptions): Promise<Purchase>;
  /** One's own purchases, newest first. */
  mine(request?: PageRequest, options?: CallOptions): Promise<Page<Purchase>>;
  /** Anybody's purchases with their keys, newest first. For operators. */
  list(request: ListPurchasesRequest, options?: CallOptions): Promise<Page<PurchaseRecord>>;
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
  /** Anybody's orders with their keys, newest first. For operators. */
  list(request?: ListOrdersRequest, options?: CallOptions): Promise<Page<OrderRecord>>;
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
  /** Anybody's statement. For operators. */
  statement(request: StatementRequest, options?: CallOptions): Promise<Page<Movement>>;
  /** Puts money in through the shop's payment provider, once per key. Tried again until it is answered. */
  topUp(request: TopUpRequest, options?: RetryOptions): Promise<CreditResult>;
  /** Gives a user money, once per key. For operators. Tried again until it is answered. */
  credit(request: CreditRequest, options?: RetryOptions): Promise<CreditResult>;
}

/** For operators. */
export interface UsersClient {
  list(request?: ListUsersRequest, options?: CallOptions): Promise<Page<User>>;
  byId(request: UserRequest, options?: CallOptions): Promise<User>;
  /** A user who is not active is signed out everywhere and can buy nothing. `changed` is false where they were so already. */
  setActive(request: SetActiveRequest, options?: CallOptions): Promise<SetActiveResult>;
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
  /**
   * What is known without a look: the latest runs over everything and over what was new. Not `ok` from the first that found
   * something broken until one over everything checks the same and finds nothing.
   */
  reconcileState(options?: CallOptions): Promise<ReconcileState>;
  /** What happened over the last minutes, step by step. */
  metrics(options?: CallOptions): Promise<Metrics>;
  /** Gives the warehouse a fault on purpose until its end, or ends one, or all of them. */
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

import type { ChaosInput, ChaosState } from "../../../shared/operations.ts";
import type {
  BreakerState,
  DispatchBody,
  InventoryUpdate,
  ReceiveBody,
  StockInput,
  Taken,
  UpdatesInput,
  WarehouseAnswer,
  WarehouseProduct,
} from "../../../shared/warehouse.ts";
import type { Page } from "../../database/paging.ts";

/**
 * The warehouse service, as the shop sees it. Every call goes through one policy: retry around breaker around timeout.
 * A refusal is an answer, not a failure. All methods throw WarehouseUnavailableError when there was no answer,
 * WarehouseCallError when no such call will ever get one, and the signal's reason as soon as it aborts.
 */
export interface WarehouseClient {
  /** @param call.key the idempotency key: the task's id, the same on every try */
  dispatch(body: DispatchBody, call: KeyedCall): Promise<WarehouseAnswer>;
  receive(body: ReceiveBody, call: KeyedCall): Promise<WarehouseAnswer>;
  /** @param input.limit at most WAREHOUSE_PAGE_MAX */
  stock(input: StockInput, call?: Call): Promise<Page<WarehouseProduct>>;
  updates(input: UpdatesInput, call?: Call): Promise<Page<InventoryUpdate>>;
  /** What was taken from the stock under each of the references, of which there are 1 to WAREHOUSE_PAGE_MAX. */
  taken(references: readonly string[], call?: Call): Promise<Taken[]>;
  /** Past the policy: whoever breaks the warehouse must be able to mend it. */
  chaos(input: ChaosInput | undefined): Promise<ChaosState>;
  readonly breaker: BreakerView;
  close(): Promise<void>;
}

export interface Call {
  readonly signal?: AbortSignal | undefined;
  /** 32 hexadecimal digits, for `traceparent`. */
  readonly traceId?: string | undefined;
  /** Whether to fail instead of trying again: for those who ask anew by themselves, as an open page does. */
  readonly once?: boolean | undefined;
}

export interface KeyedCall extends Call {
  readonly key: string;
}

export interface BreakerView {
  readonly state: BreakerState;
  /** Milliseconds until it lets a call through, or until it is worth another look; 0 when it lets one through now. */
  readonly opensInMs: number;
}

/**
 * A try that got no answer which says what happened: the connection failed, the service answered 5xx or what is no answer
 * of it. The message says which, for an operator. Callers hear of it as `WarehouseUnavailableError`.
 */
export class FailedTryError extends Error {
  override readonly name = "FailedTryError";
}

/** The warehouse gave no answer that says what happened: it may have, so the next try carries the same key. */
export class WarehouseUnavailableError extends Error {
  override readonly name = "WarehouseUnavailableError";
}

/** The breaker is open: nothing was sent. */
export class WarehouseBreakerOpenError extends WarehouseUnavailableError {}

/**
 * The warehouse will have none of such calls: a wrong secret, a malformed request. Somebody has to put that right; no retry
 * can.
 */
export class WarehouseCallError extends Error {
  override readonly name = "WarehouseCallError";
  /** Of HTTP. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Told of what the client does, for metrics and for the console. Must not throw. */
export interface WarehouseObserver {
  /** One try. */
  tried?(operation: string, outcome: "done" | "refused" | "error" | "timeout" | "rejected", seconds: number): void;
  retried?(operation: string): void;
  transitioned?(from: BreakerState, to: BreakerState, reason: string | undefined): void;
}

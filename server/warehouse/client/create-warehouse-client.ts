import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type ChaosInput, type ChaosState, chaosStateSchema } from "../../../shared/operations.ts";
import {
  type DispatchBody,
  type InventoryUpdate,
  inventoryUpdateSchema,
  type ReceiveBody,
  type StockInput,
  type Taken,
  takenSchema,
  type UpdatesInput,
  type WarehouseAnswer,
  type WarehouseProduct,
  warehouseProductSchema,
} from "../../../shared/warehouse.ts";
import type { Page } from "../../database/paging.ts";
import { CallPolicy, type PolicyCall, TRY_MS_MAX } from "./call-policy.ts";
import { type HttpAnswer, HttpCaller } from "./http-caller.ts";
import { InFlight } from "./in-flight.ts";
import { readDecision, readResult } from "./read-answer.ts";
import {
  type Call,
  FailedTryError,
  type KeyedCall,
  type WarehouseClient,
  type WarehouseObserver,
  WarehouseUnavailableError,
} from "./warehouse-client.ts";

/**
 * Makes a client of one warehouse service. It opens connections when it is used, and has to be closed.
 *
 * @throws TypeError when the url is none
 */
export function createWarehouseClient(options: WarehouseClientOptions): WarehouseClient {
  return new PolicedClient(options);
}

export interface WarehouseClientOptions {
  /** Where the service is, for example http://127.0.0.1:3002. */
  readonly url: string;
  /** What it wants to be shown. */
  readonly secret: string;
  readonly observer?: WarehouseObserver | undefined;
  /** From 0 up to, but not including, 1. */
  readonly random?: (() => number) | undefined;
  /** Whether it asks by itself once an open breaker may be tried again. Default: yes. */
  readonly asksByItself?: boolean | undefined;
}

class PolicedClient implements WarehouseClient {
  readonly breaker: CallPolicy;
  readonly #http: HttpCaller;
  readonly #authorization: string;
  readonly #waiting = new InFlight();

  constructor({ url, secret, observer, random, asksByItself = true }: WarehouseClientOptions) {
    this.#http = new HttpCaller(url);
    this.#authorization = `Bearer ${secret}`;
    const trial = () => this.#query({ operation: "trial", once: true }, `/inventory?limit=1`, stockPageSchema);
    this.breaker = new CallPolicy({ observer, random, trial: asksByItself ? trial : undefined });
  }

  dispatch(body: DispatchBody, call: KeyedCall): Promise<WarehouseAnswer> {
    return this.#change("dispatch", body, call);
  }

  receive(body: ReceiveBody, call: KeyedCall): Promise<WarehouseAnswer> {
    return this.#change("receive", body, call);
  }

  stock(input: StockInput, call: Call = {}): Promise<Page<WarehouseProduct>> {
    return this.#query({ operation: "stock", ...call }, `/inventory${queryOf(input)}`, stockPageSchema);
  }

  updates(input: UpdatesInput, call: Call = {}): Promise<Page<InventoryUpdate>> {
    return this.#query({ operation: "updates", ...call }, `/inventory/updates${queryOf(input)}`, updatesPageSchema);
  }

  async taken(references: readonly string[], { traceId, ...call }: Call = {}): Promise<Taken[]> {
    const request = {
      method: "POST",
      path: "/inventory/taken",
      body: JSON.stringify({ references }),
      traceId,
    } as const;
    const { items } = await this.#call({ operation: "taken", ...call }, request, (answer) =>
      readResult(answer, takenAnswerSchema),
    );
    return items;
  }

  async chaos(input: ChaosInput | undefined): Promise<ChaosState> {
    const body = input && JSON.stringify(input);
    const request = { method: input ? "POST" : "GET", path: "/chaos", body } as const;
    try {
      const answer = await this.#waiting.until(this.#send(request, AbortSignal.timeout(TRY_MS_MAX)), undefined);
      return readResult(answer, chaosStateSchema);
    } catch (error) {
      if (!(error instanceof FailedTryError)) throw error;
      throw new WarehouseUnavailableError(error.message, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#waiting.close(new WarehouseUnavailableError("The client of the warehouse was closed"));
    this.#http.close();
  }

  #change(operation: "dispatch" | "receive", body: object, { key, traceId, ...call }: KeyedCall) {
    const path = `/inventory/${operation}`;
    const request = { method: "POST", path, body: JSON.stringify(body), key, traceId } as const;
    return this.#call({ operation, ...call }, request, readDecision);
  }

  #query<T>({ traceId, ...call }: PolicyCall & Call, path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#call(call, { method: "GET", path, traceId }, (answer) => readResult(answer, schema));
  }

  /** All tries, until the caller's signal aborts. */
  #call<T>(call: PolicyCall, request: Request, read: (answer: HttpAnswer) => T): Promise<T> {
    const tries = this.breaker.execute(call, async (signal) => read(await this.#send(request, signal)));
    return this.#waiting.until(tries, call.signal);
  }

  /** One try. @throws FailedTryError */
  async #send({ method, path, traceId, key, body }: Request, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = {
      authorization: this.#authorization,
      ...(traceId !== undefined && { traceparent: `00-${traceId}-${newSpanId()}-01` }),
      ...(key !== undefined && { "idempotency-key": key }),
      ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    this.#waiting.throwIfClosed();
    try {
      return await this.#http.send({ method, path, headers, body, signal });
    } catch (error) {
      throw new FailedTryError(`The warehouse cannot be reached: ${wordsOf(error)}`, { cause: error });
    }
  }
}

interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly traceId?: string | undefined;
  readonly key?: string | undefined;
  readonly body?: string | undefined;
}

const stockPageSchema = z.object({ items: z.array(warehouseProductSchema), nextCursor: z.string().nullable() });
const takenAnswerSchema = z.object({ items: z.array(takenSchema) });
const updatesPageSchema = z.object({ items: z.array(inventoryUpdateSchema), nextCursor: z.string().nullable() });

/** 16 hexadecimal digits. Node draws UUIDs from a stock, which makes them the cheapest randomness there is. */
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 4) + uuid.slice(24);
}

function queryOf(input: object): string {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Where several addresses were tried, the error itself says nothing. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}

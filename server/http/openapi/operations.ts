import { z } from "zod";
import { idSchema } from "../../../shared/primitives.ts";
import {
  basketOrderBodySchema,
  productOrderBodySchema,
  purchaseBodySchema,
  signInInputSchema,
  signUpInputSchema,
} from "../../../shared/rest.ts";
import { submitTaskInputSchema, taskIdSchema } from "../../../shared/tasks.ts";
import {
  liveSchema,
  orderSchema,
  placedOrderSchema,
  purchasedSchema,
  readySchema,
  refusedOrderSchema,
  refusedSchema,
  sessionSchema,
  signedInSchema,
  signedOutSchema,
  taskSchema,
  taskWithLogSchema,
} from "./schemas.ts";

/** Everything that can be asked by REST; `document.ts` makes the document of it. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/api/purchase/",
    id: "buy",
    tag: "Buy",
    summary: "Buy an item of a sale",
    description:
      "Decides at once and for certain: bought or refused. The same key gets the same answer again, however often it " +
      "is sent, refusals too. A header X-Doorbuster-Item with the item's id lets a proxy in front of several processes " +
      "bring its purchases together, which is quicker; nothing else depends on it.",
    needs: "session and key",
    body: purchaseBodySchema,
    example: { item_id: 1 },
    answers: {
      200: { says: "Bought", schema: purchasedSchema, mayBeReplayed: true },
      ...refusals([400, 403, 404, 422], refusedSchema, {
        400: "Refused about the sale, the stock, the limit or the balance",
        403: "The account is deactivated",
        404: "There is no such item",
        422: "The key stands for another item or quantity",
      }),
    },
    problems: [400, 401, 403, 409, 413, 415, 429, 500, 503],
  },
  {
    method: "post",
    path: "/api/orders",
    id: "placeOrder",
    tag: "Buy",
    summary: "Order products of the catalogue",
    description:
      "Sells one product, or a basket from one warehouse: paid from the wallet and taken from the inventory, all of it " +
      "or nothing. Prices are the shop's. The same key for the same units is the same order, answered as it stands " +
      "then. A refusal is not kept: the order may be sent again under its key.",
    needs: "session and key",
    body: z.union([productOrderBodySchema, basketOrderBodySchema]),
    example: { lines: [{ productId: 1, quantity: 2 }] },
    answers: {
      200: {
        says: "Placed before under this key: the order as it stands",
        schema: placedOrderSchema,
        mayBeReplayed: true,
      },
      201: { says: "Placed, and on its way", schema: placedOrderSchema },
      202: {
        says: "Placed: paid and taken from the inventory, not yet on its way. It will be, or it is given back",
        schema: placedOrderSchema,
      },
      ...refusals([400, 404], z.union([refusedOrderSchema, placedOrderSchema]), {
        400:
          "Not for sale, too few units, or not enough money; `problems` says of what and how many. Or placed, refused by " +
          "the warehouse for good, and given back at once: an order that is `rejected`",
        404:
          "No such product or warehouse, or a product that the warehouse does not keep; or an order that is `rejected`, " +
          "because the warehouse does not know a product",
      }),
      ...refusals([403, 422], refusedOrderSchema, {
        403: "The account is deactivated",
        422: "The key stands for another order",
      }),
    },
    problems: [400, 401, 403, 409, 413, 415, 429, 500, 503],
  },
  {
    method: "get",
    path: "/api/orders/{id}",
    id: "getOrder",
    tag: "Buy",
    summary: "An order as it stands",
    description: "One's own; any for an operator. Somebody else's is answered as if it were not there.",
    needs: "session",
    parameters: { id: { schema: idSchema, says: "The order's number", example: 1 } },
    answers: { 200: { says: "The order", schema: orderSchema } },
    problems: [400, 401, 404, 429, 500, 503],
  },
  {
    method: "post",
    path: "/api/tasks",
    id: "submitTask",
    tag: "Tasks",
    summary: "Submit a task",
    description:
      "Stores work that is to be done exactly once, under an id of yours or one that is made. An id that is there " +
      "already is answered with that task and `duplicate: true`, and nothing is done. For operators. The body may " +
      "have 256 kB, the payload in it 64 kB.",
    needs: "session",
    body: submitTaskInputSchema,
    example: { taskId: "report-2030-01-31", payload: { month: 1 }, failureRate: 0 },
    answers: { 200: { says: "The task as it stands", schema: taskSchema } },
    problems: [400, 401, 403, 413, 415, 429, 500, 503],
  },
  {
    method: "get",
    path: "/api/tasks/{taskId}",
    id: "getTask",
    tag: "Tasks",
    summary: "A task as it stands, with all that happened to it",
    description: "For operators.",
    needs: "session",
    parameters: { taskId: { schema: taskIdSchema, says: "The task's id", example: "report-2030-01-31" } },
    answers: { 200: { says: "The task", schema: taskWithLogSchema } },
    problems: [400, 401, 403, 404, 429, 500, 503],
  },
  {
    method: "post",
    path: "/api/auth/sign-up/email",
    id: "signUp",
    tag: "Accounts",
    summary: "Make an account",
    description: "Signs in as well: with a cookie for a browser, with the token for a program. The wallet is empty.",
    needs: "nothing",
    body: signUpInputSchema,
    example: { email: "you@example.com", password: "at least 8 characters" },
    answers: { 200: { says: "Made, and signed in", schema: signedInSchema } },
    problems: [400, 413, 415, 422, 429, 500, 503],
  },
  {
    method: "post",
    path: "/api/auth/sign-in/email",
    id: "signIn",
    tag: "Accounts",
    summary: "Sign in",
    description: "An unknown account and a wrong password are answered alike.",
    needs: "nothing",
    body: signInInputSchema,
    example: { email: "buyer@example.com", password: "doorbuster-demo" },
    answers: { 200: { says: "Signed in", schema: signedInSchema } },
    problems: [400, 401, 403, 413, 415, 429, 500, 503],
  },
  {
    method: "post",
    path: "/api/auth/sign-out",
    id: "signOut",
    tag: "Accounts",
    summary: "End the session on the server",
    needs: "session",
    answers: { 200: { says: "Ended, if there was one", schema: signedOutSchema } },
    problems: [500, 503],
  },
  {
    method: "get",
    path: "/api/auth/get-session",
    id: "getSession",
    tag: "Accounts",
    summary: "Who one is",
    needs: "session",
    answers: { 200: { says: "The session, or null", schema: sessionSchema } },
    problems: [429, 500, 503],
  },
  {
    method: "get",
    path: "/health/live",
    id: "live",
    tag: "Machines",
    summary: "Whether the process runs",
    needs: "nothing",
    answers: { 200: { says: "It does", schema: liveSchema } },
    problems: [],
  },
  {
    method: "get",
    path: "/health/ready",
    id: "ready",
    tag: "Machines",
    summary: "Whether requests can be served",
    needs: "nothing",
    answers: {
      200: { says: "They can", schema: readySchema },
      503: { says: "They cannot: the database is away, or the process is stopping", schema: readySchema },
    },
    problems: [],
  },
  {
    method: "get",
    path: "/openapi.json",
    id: "openapi",
    tag: "Machines",
    summary: "This description, for programs",
    needs: "nothing",
    answers: { 200: { says: "An OpenAPI 3.1 document", schema: z.looseObject({ openapi: z.string() }) } },
    problems: [],
  },
];

/** One answer for each status, all of one shape. */
function refusals(statuses: readonly number[], schema: z.ZodType, says: Record<number, string>): Operation["answers"] {
  return Object.fromEntries(statuses.map((status) => [status, { says: says[status] ?? "", schema }]));
}

export interface Operation {
  readonly method: "get" | "post";
  /** With its parameters in braces. */
  readonly path: string;
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly needs: "nothing" | "session" | "session and key";
  readonly parameters?: Record<string, { schema: z.ZodType; says: string; example: number | string }>;
  readonly body?: z.ZodType;
  readonly example?: object;
  /** What is answered besides problems, by status. */
  readonly answers: Record<number, Answer>;
  /** Statuses of `application/problem+json`. */
  readonly problems: readonly number[];
}

interface Answer {
  readonly says: string;
  readonly schema: z.ZodType;
  /** Whether it can be marked by `Idempotency-Replayed`. */
  readonly mayBeReplayed?: boolean;
}

export const TAGS = {
  Buy: "With an idempotency key, made by the caller before it sends: nothing is bought twice under one key.",
  Tasks: "Work that takes effect exactly once, whatever crashes.",
  Accounts: "Sign-up and sign-in give a browser its cookie and a program its token.",
  Machines: "For load balancers and tools.",
} as const;
type Tag = keyof typeof TAGS;

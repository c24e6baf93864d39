import type { Procedures } from "./router.ts";

/**
 * Every procedure, and how it is called: the compiler refuses one that the server's router has not, has otherwise, or has
 * besides. Refusals are answers. Reading sales and products is for anyone; buying, ordering, topping up and what one has bought and
 * paid oneself are a buyer's; the rest is for operators.
 *
 * - `idempotencyKey`, `taskId`: a mutation that the shop does once per value of this field, which is made where it is left
 *   out. Sent again, with the same value, until it is answered, refused for good, or past its deadline.
 * - `mutation`: sent once.
 * - `query`, `query without input`: sent again a few times.
 */
export const CALLS = {
  sales: {
    /** Newest first. */
    list: "query",
    byId: "query",
    /**
     * Follows a sale: its present state at once, then every change, until the loop is left, the signal aborts or the
     * sale cannot be watched at all (not found, not allowed), which throws. Connects again by itself, with back-off,
     * whenever the connection is lost or silent. Versions never go back.
     */
    watch: "subscription",
    /** For staff: by name, status and start, with how much each has sold. */
    overview: "query",
    /** For staff: with warehouses, what is there, what was paid and who changed it last. */
    details: "query",
    create: "idempotencyKey",
    /** What is left out stays as it is. With `edits`, fails with `CHANGED_MEANWHILE` where somebody edited it since. */
    update: "mutation",
    pause: "mutation",
    resume: "mutation",
    cancel: "mutation",
    /** Adds (positive `change`) or withdraws (negative) units of an item. */
    adjustStock: "idempotencyKey",
    /** In which sales a product is, newest start first. */
    ofProduct: "query",
    /** Enters a sale that needs an access code, once; whoever is in already is told so. */
    enter: "mutation",
    /** Whether one has entered a code of a sale. */
    admission: "query",
    /** For staff: the codes of a sale, with how many each has let in. */
    codes: "query",
    /** Adds codes of one's own, or random ones. Those that the sale has stay as they are. */
    addCodes: "mutation",
    /** Whoever the code has let in stays. */
    removeCode: "mutation",
  },
  purchases: {
    /**
     * Buys, and resolves with the decision: purchased or refused. Lost connections, slow answers and a crowded shop are
     * tried again with the same key, so that the buyer is never charged twice; a decision is never asked for again.
     *
     * @throws {DoorbusterError} with `outcome: "unknown"` and its `idempotencyKey` where no answer came before the
     *   deadline: call again with that key, or ask `byKey`
     */
    buy: "idempotencyKey",
    /** What was decided under a key of one's own; null when nothing was. */
    byKey: "query",
    /** One of one's own purchases, as it stands. */
    byId: "query",
    /** One's own purchases, newest first. */
    mine: "query",
    /** Anybody's purchases with their keys, newest first: by user, item or purchase. */
    list: "query",
    /** Gives units and money back, once. The buyer reads the reason. */
    refund: "idempotencyKey",
  },
  products: {
    /** Products that can be ordered, by name; all that match where nothing is searched for. */
    list: "query",
    /** Puts a product into the catalogue; no warehouse keeps it until goods are received. */
    create: "idempotencyKey",
    /** What is left out stays as it is. Orders keep the name and the price that they were placed with. */
    update: "mutation",
    /** Takes goods into a warehouse. */
    receive: "idempotencyKey",
    /** All products, also those that are in no catalogue. */
    all: "query",
    byId: "query",
    /** What came in, what went to sales and back, and what operators changed, newest first. */
    history: "query",
  },
  /** Products that are one thing in several sizes or colours. */
  families: {
    /** By name. */
    list: "query",
    byId: "query",
    create: "mutation",
    /** Takes the whole of it as it shall be. */
    update: "mutation",
    /** Its products stay. */
    remove: "mutation",
  },
  /** Where goods lie. What is in the warehouse service's books is `warehouse`'s. */
  warehouses: {
    list: "query",
    create: "mutation",
    rename: "mutation",
  },
  orders: {
    /**
     * Buys a basket, all of it or nothing, and resolves with the decision: placed or refused. Tried again as
     * `purchases.buy` is; a key that was answered before gets its order as it stands now. A refusal leaves nothing
     * behind: the basket may be sent again under its key once it can be had.
     *
     * @throws {DoorbusterError} with `outcome: "unknown"` and its `idempotencyKey` where no answer came before the
     *   deadline: call again with that key, or ask `byKey`
     */
    place: "idempotencyKey",
    /** An order of one's own as it stands; any for operators. */
    byId: "query",
    /** One's own order under a key, as it stands; null when none was placed. */
    byKey: "query",
    /** One's own orders, newest first. */
    mine: "query",
    /** Anybody's orders with their keys, newest first. */
    list: "query",
    /** Gives units and money back, once. The buyer reads the reason. */
    refund: "idempotencyKey",
  },
  tasks: {
    /**
     * Submits a task: an id that is there already gives that task with `duplicate: true`, whatever else was asked for; so
     * does an answer that was lost on the way.
     */
    submit: "taskId",
    /** Newest first. */
    list: "query",
    /** With all that happened to it. */
    byId: "query",
    /** Gives a task that has failed another round of attempts; one that is running or waiting is a `duplicate`. */
    retry: "mutation",
  },
  wallets: {
    mine: "query without input",
    /** One's statement, newest first, with the balance after each movement. */
    movements: "query",
    /** Anybody's statement. */
    statement: "query",
    /** Puts money in through the shop's payment provider. */
    topUp: "idempotencyKey",
    /** Gives a user money. */
    credit: "idempotencyKey",
  },
  users: {
    /** By a part of the name or of the e-mail address, or by the id of the user, of a purchase or of an order of theirs. */
    list: "query",
    byId: "query",
    /** A user who is not active is signed out everywhere and can buy nothing. `changed` is false where they were so already. */
    setActive: "mutation",
    /** Buyer, auditor or operator, and whether an operator may move money. At once, in all their sessions. */
    setRole: "mutation",
    /** Where somebody is signed in. */
    sessions: "query",
    /** Ends one session of somebody's, or all of them. */
    signOut: "mutation",
    /** Where one is signed in oneself. */
    mySessions: "query without input",
    /** Ends one of one's own sessions; with `others`, all but that one. */
    endMySessions: "mutation",
  },
  /** Keys of operators' programs, which act as their owners within their scopes. */
  keys: {
    list: "query without input",
    /** The answer is the only one that ever has the key. */
    create: "mutation",
    revoke: "mutation",
  },
  /** The warehouse service. While it cannot be asked, `stock` and `updates` fail with `UNAVAILABLE`. */
  warehouse: {
    /** What lies in it, by product id, beside what the shop can still sell and has yet to send. */
    stock: "query",
    /** Its history, newest first. */
    updates: "query",
    /** The circuit breakers of all processes that call it. */
    breaker: "query without input",
  },
  operations: {
    /**
     * Checks in one snapshot that no unit and no cent was lost or made, and, where the warehouse can be asked, that it has
     * what the shop believes it has.
     */
    reconcile: "query without input",
    /**
     * The latest runs over everything and over what was new. Not `ok` from the first that found something broken until one
     * over everything checks the same and finds nothing.
     */
    reconcileState: "query without input",
    /** What happened over the last minutes, step by step. */
    metrics: "query without input",
    /** Gives the warehouse a fault on purpose until its end, or ends one, or all of them. */
    chaos: "mutation",
    /** The faults that it has now. */
    chaosState: "query without input",
    /**
     * Has a synthetic crowd buy a clone of a sale, in a store of its own, in the background. One at a time; not while a real
     * sale is live or near, unless that is said to be meant.
     */
    rehearse: "mutation",
    /** Newest first, of one sale on request: how far they are, and what came of them. */
    rehearsals: "query",
    /** One of them with its report. */
    rehearsal: "query",
    /** Ends one within a second. */
    stopRehearsal: "mutation",
    /** Removes one that has ended, report and all. */
    deleteRehearsal: "mutation",
    /** What came of the latest faults: nothing lost, nothing doubled. Null when there never were any. */
    verdict: "query without input",
  },
  figures: {
    /** A sale as it runs: what was attempted, sold, taken and missed, anew every second. Goes on as `sales.watch` does. */
    watch: "subscription",
    /** The sale that runs now, else the next, else the last one. */
    current: "query without input",
  },
  audit: {
    /** Who did what to what, newest first. */
    list: "query",
  },
  /** All that was decided, paid and given back, newest first. A list says by `lookedTo` how far back it has looked. */
  record: {
    /** Attempts to buy, bought or refused, with what the buyer was told. */
    attempts: "query",
    orders: "query",
    /** Of purchases and of orders. */
    refunds: "query",
    /** What became of one key, from the request to the dispatch, and what else its buyer asked for near that time. */
    path: "query",
    /** What was sold, given back and paid in over some days, by day and by what was sold. */
    summary: "query",
    /** Money from outside: opening balances, top-ups, credits. */
    credits: "query",
  },
  proof: {
    /** Each check of `reconcile`, since when it holds, how old the chain's seal is, and how far the runs have come. */
    state: "query without input",
    /** Has everything checked (`reconcile`), or the tamper-evident chain computed anew (`chain`), while others wait for nothing. */
    start: "mutation",
    /** The last head of each chain: those of the tables, then of items, newest first. */
    heads: "query",
    /** What was proved last, signed. */
    signed: "query without input",
  },
} as const satisfies { [D in keyof Procedures]: { [P in keyof Procedures[D]]: KindOf<Procedures[D][P]> } };

export type Calls = typeof CALLS;

/** The fields of an input whose value the shop does something once for. */
export type KeyField = "idempotencyKey" | "taskId";

export type CallKind = KeyField | "mutation" | "query" | "query without input" | "subscription";

type KindOf<Procedure> = Procedure extends { type: infer Type; input: infer Input }
  ? Type extends "subscription"
    ? "subscription"
    : Type extends "query"
      ? [Exclude<Input, undefined>] extends [Record<string, never>]
        ? "query without input"
        : "query"
      : "idempotencyKey" extends keyof Input
        ? "idempotencyKey"
        : "mutation" | "taskId"
  : never;

/** @param path as tRPC writes it, `purchases.buy` */
export function kindOf(path: string): CallKind | undefined {
  const [domain = "", name = ""] = path.split(".");
  return (CALLS as Record<string, Record<string, CallKind>>)[domain]?.[name];
}

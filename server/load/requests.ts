/** Which call is made: with an item drawn from these, a buyer drawn from all, and a fresh key. */
export interface Work {
  /** A mutation that takes what `purchases.buy` takes, for example "purchases.buy". */
  readonly procedure: string;
  readonly itemIds: readonly number[];
}

/** Everything but the key is made beforehand, so that a request costs the joining of strings. */
export function requestFactory(work: Work, credentials: readonly string[], host: string): () => string {
  const heads = credentials.map((credential) => headOf({ procedure: work.procedure, host, credential }));
  const bodies = work.itemIds.map((itemId) => bodyOf({ itemId }));
  return () => anyOf(heads) + anyOf(bodies) + crypto.randomUUID() + BODY_END;
}

/** One buyer's purchase of one item, under a key that is a UUID. */
export function requestOf(purchase: Caller & Wanted, key: string): string {
  return headOf(purchase) + bodyOf(purchase) + key + BODY_END;
}

interface Caller {
  readonly procedure: string;
  readonly host: string;
  readonly credential: string;
}

interface Wanted {
  readonly itemId: number;
  /** Default: one. */
  readonly quantity?: number;
}

function headOf({ procedure, host, credential }: Caller): string {
  return `POST /trpc/${procedure} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${credential}\r\n`;
}

function bodyOf({ itemId, quantity }: Wanted): string {
  const start = `{"itemId":${itemId},${quantity === undefined ? "" : `"quantity":${quantity},`}"idempotencyKey":"`;
  const length = start.length + UUID_LENGTH + BODY_END.length;
  return `X-Doorbuster-Item: ${itemId}\r\nContent-Length: ${length}\r\n\r\n${start}`;
}

const BODY_END = '"}';
const UUID_LENGTH = 36;

function anyOf(texts: readonly string[]): string {
  const text = texts[Math.floor(Math.random() * texts.length)];
  if (text === undefined) throw new Error("there is nothing to draw from");
  return text;
}

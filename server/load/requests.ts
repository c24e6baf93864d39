/** Which call is made: with an item drawn from these, a buyer drawn from all, and a fresh key. */
export interface Work {
  /** A mutation that takes what `purchases.buy` takes, for example "purchases.buy". */
  readonly procedure: string;
  readonly itemIds: readonly number[];
}

/** Everything but the key is made beforehand, so that a request costs the joining of strings. */
export function requestFactory(work: Work, credentials: readonly string[], host: string): () => string {
  const heads = credentials.map(
    (credential) =>
      `POST /trpc/${work.procedure} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${credential}\r\n`,
  );
  const bodies = work.itemIds.map((itemId) => {
    const start = `{"itemId":${itemId},"idempotencyKey":"`;
    const length = start.length + UUID_LENGTH + BODY_END.length;
    return `X-Doorbuster-Item: ${itemId}\r\nContent-Length: ${length}\r\n\r\n${start}`;
  });
  return () => anyOf(heads) + anyOf(bodies) + crypto.randomUUID() + BODY_END;
}

const BODY_END = '"}';
const UUID_LENGTH = 36;

function anyOf(texts: readonly string[]): string {
  const text = texts[Math.floor(Math.random() * texts.length)];
  if (text === undefined) throw new Error("there is nothing to draw from");
  return text;
}

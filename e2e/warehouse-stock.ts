import type { Product as CatalogueProduct } from "../client/sdk/index.ts";
import type { Product } from "./product.ts";

/**
 * Takes units out of the warehouse's stock, as nobody does who goes through the shop: its books know nothing of it. They
 * are put there again when the test leaves them, so that shop and warehouse agree afterwards.
 */
export async function takeFromWarehouse(
  shop: Product,
  { id: productId, name }: Pick<CatalogueProduct, "id" | "name">,
  quantity: number,
): Promise<AsyncDisposable> {
  await move(shop, "dispatch", { productId, quantity });
  return { [Symbol.asyncDispose]: () => move(shop, "receive", { productId, name, quantity }) };
}

async function move({ warehouse }: Product, how: "dispatch" | "receive", line: object): Promise<void> {
  const key = `stock-taking-${crypto.randomUUID()}`;
  const response = await fetch(`${warehouse.url}/inventory/${how}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${warehouse.secret}`,
      "idempotency-key": key,
      "content-type": "application/json",
    },
    body: JSON.stringify({ reference: key, lines: [line] }),
  });
  if (!response.ok) throw new Error(`the warehouse answered ${response.status}: ${await response.text()}`);
}

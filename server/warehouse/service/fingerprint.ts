import { createHash } from "node:crypto";

/**
 * What makes two requests the same: what they do, for whom, and the units of each line. What a receipt says about a
 * product besides may have changed between two tries, and does not count.
 */
export function fingerprintOf(
  operation: "dispatch" | "receive",
  { reference, lines }: { reference: string; lines: readonly { productId: number; quantity: number }[] },
): string {
  const text = JSON.stringify([operation, reference, lines.map(({ productId, quantity }) => [productId, quantity])]);
  return createHash("sha256").update(text).digest("hex");
}

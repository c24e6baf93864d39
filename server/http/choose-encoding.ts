/** What a file of the page may be stored as, the smallest last. */
export const COMPRESSED = ["gzip", "br"] as const;

export type Encoding = (typeof COMPRESSED)[number] | "identity";

/**
 * The encoding of an answer by `Accept-Encoding` (RFC 9110, section 12.5.3): of those that are there, the one that the
 * caller likes best, and among equals the smallest. A caller that refuses all of them gets the bytes as they are.
 */
export function chooseEncoding(header = "", isThere: (encoding: Encoding) => boolean): Encoding {
  const weights = new Map(header.toLowerCase().split(",").map(weightIn));
  // What is not named may be sent as it is, by way of last resort.
  const weightOf = (name: Encoding) => weights.get(name) ?? weights.get("*") ?? (name === "identity" ? LAST_RESORT : 0);
  return COMPRESSED.filter((encoding) => isThere(encoding) && weightOf(encoding) > 0).reduce<Encoding>(
    (best, encoding) => (weightOf(encoding) >= weightOf(best) ? encoding : best),
    "identity",
  );
}

/** Below any weight that a header can give but zero. */
const LAST_RESORT = 0.0001;

function weightIn(part: string): [name: string, weight: number] {
  const [name = "", weight = "1"] = part.split(/\s*;\s*q=/);
  return [name.trim(), Number(weight)];
}

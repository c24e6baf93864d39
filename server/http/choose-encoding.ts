/** What a file of the page may be stored as, the smallest first. */
export const ENCODINGS = ["br", "gzip", "identity"] as const;

export type Encoding = (typeof ENCODINGS)[number];

/**
 * The encoding of an answer by `Accept-Encoding` (RFC 9110, section 12.5.3): of those that are there, the one that the
 * caller likes best, and among equals the smallest. A caller that refuses all of them gets the bytes as they are.
 */
export function chooseEncoding(header: string | undefined, isThere: (encoding: Encoding) => boolean): Encoding {
  const weights = weightsIn(header ?? "");
  let chosen: Encoding = "identity";
  let chosenWeight = 0;
  for (const encoding of ENCODINGS) {
    // What is not named may be sent as it is, by way of last resort.
    const weight = weights.get(encoding) ?? weights.get("*") ?? (encoding === "identity" ? LAST_RESORT : 0);
    if (weight > chosenWeight && isThere(encoding)) [chosen, chosenWeight] = [encoding, weight];
  }
  return chosen;
}

/** Below any weight that a header can give but zero. */
const LAST_RESORT = 0.0001;

function weightsIn(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    if (name !== "") weights.set(name === "x-gzip" ? "gzip" : name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return weights;
}

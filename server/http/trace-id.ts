/**
 * The trace that a call belongs to, from its header `traceparent` (W3C Trace Context): 32 hexadecimal digits; undefined
 * where it has none or one that cannot be read.
 */
export function traceIdOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === "string" ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
}

/** Version, trace, span, flags. Version ff and ids of nothing but zeros are no ids; later versions may add to the end. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:$|-)/;

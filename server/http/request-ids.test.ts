import { expect, it } from "vitest";
import { newRequestId, requestIdOf, traceIdOf } from "./request-ids.ts";

it("keeps a proxy's id", () => {
  expect(requestIdOf({ headers: { "x-request-id": "0f3a-42.proxy_1" } })).toBe("0f3a-42.proxy_1");
});

it.each(["", "short", "a b c d e f g h", "line\nbreak-in-a-log", "x".repeat(65), '"},{"admin":true'])(
  "makes its own instead of %j",
  (given) => {
    expect(requestIdOf({ headers: { "x-request-id": given } })).toMatch(/^[0-9a-f-]{36}$/);
  },
);

it("never makes one twice, and makes UUIDs", () => {
  const ids = Array.from({ length: 20_000 }, newRequestId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

it("reads the trace of a traceparent, of later versions too", () => {
  expect(traceIdOf({ traceparent: `00-${TRACE}-${SPAN}-01` })).toBe(TRACE);
  expect(traceIdOf({ traceparent: `01-${TRACE}-${SPAN}-00-more` })).toBe(TRACE);
});

it.each([
  undefined,
  "",
  TRACE,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${"0".repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01x`,
  `00-${TRACE}-${SPAN}`,
  [`00-${TRACE}-${SPAN}-01`],
])("reads none from %s", (traceparent) => {
  expect(traceIdOf({ traceparent })).toBeUndefined();
});

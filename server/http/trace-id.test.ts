import { expect, it } from "vitest";
import { traceIdOf } from "./trace-id.ts";

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

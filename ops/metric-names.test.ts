import { expect, it } from "vitest";
import { metricNames } from "./metric-names.ts";

it.each([
  ['up{job="shop"} == 0 or absent(up{job="shop"})', ["up"]],
  ["sum by (job, route) (rate(http_requests_total[5m])) > 0.01", ["http_requests_total"]],
  ['histogram_quantile(0.99, sum by (le) (rate(a_bucket{x=~"b|c"}[$__rate_interval])))', ["a_bucket"]],
  ["a:b:ratio5m / on (x) group_left (y) c unless d offset 5m", ["a:b:ratio5m", "c", "d"]],
  ['sum by (x) ({__name__=~"one|two"}) - on (x) three', ["one", "two", "three"]],
  ["2 * a or vector(0)", ["a"]],
])("finds what %s asks for", (expression, names) => {
  expect(metricNames(expression)).toEqual(names);
});

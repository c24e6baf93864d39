import { expect, it } from "vitest";
import { askedOf, exportUrl, filterOf, filterProblem, listOf, pathInputOf, pathSearchOf } from "./record-filter.ts";

const userId = "0d5f2f6e-6f0b-4a53-9d1e-3c0a9ad1c001";

it("reads the filter of a list from an address, and leaves out what it cannot mean", () => {
  const search = {
    show: "attempts",
    userId,
    itemId: "3",
    saleId: "x",
    outcome: "bought",
    status: "refunded",
    from: "then",
  };
  expect(listOf(search)).toBe("attempts");
  expect(filterOf("attempts", search)).toEqual({ userId, itemId: 3, outcome: "bought" });
  expect(filterOf("orders", search)).toEqual({ userId, status: "refunded" });
  expect(listOf({ show: "nothing" })).toBe("attempts");
});

it.each([
  ["attempts", { userId: "nonsense" }, "userId", "“nonsense” is no person’s id to look for."],
  ["attempts", { saleId: "abc" }, "saleId", "“abc” is no sale’s number to look for."],
  ["orders", { status: "eaten" }, "status", "“eaten” is no status to look for."],
  ["changes", { actorId: "x" }, "actorId", "“x” is no person’s id to look for."],
  ["refunds", { from: "then" }, "from", "“then” is no time to look for."],
  ["credits", { from: "2026-12-02T00:00:00Z", to: "2026-12-01T00:00:00Z" }, undefined, "“From” must be earlier"],
] as const)("shows no list of %s where its address asks for %j, and says why", (list, search, name, words) => {
  const problem = filterProblem(list, search);
  expect(problem?.words).toContain(words);
  expect(problem?.name).toBe(name);
});

it("shows what can be looked for, whatever other lists are filtered by", () => {
  const search = { userId, from: "2026-12-01T00:00:00Z", to: "2026-12-02T00:00:00Z", status: "eaten", saleId: "" };
  expect(filterProblem("attempts", search)).toBeUndefined();
});

it("carries the filter to the file", () => {
  const filter = { itemId: 3, from: "2026-12-01T10:00:00Z" };
  expect(exportUrl("attempts", filter, { bom: true })).toBe(
    "/api/exports/attempts.csv?itemId=3&from=2026-12-01T10%3A00%3A00Z&bom=1",
  );
  expect(exportUrl("orders", {}, { bom: false })).toBe("/api/exports/orders.csv");
});

it.each([
  ["3", undefined, { orderId: 3 }],
  ["Order 12", undefined, { orderId: 12 }],
  ["#7", userId, { orderId: 7 }],
  [userId.toUpperCase(), undefined, { purchaseId: userId }],
  ["order-12", undefined, { orderId: 12 }],
  ["receipt-1", undefined, { taskId: "receipt-1" }],
  ["my-key", userId, { userId, idempotencyKey: "my-key" }],
  [" ", userId, undefined],
  ["foo bar", userId, undefined],
  ["foo bar", undefined, undefined],
  ["my-key", "nonsense", undefined],
])("takes %j for what it is", (text, person, expected) => {
  const input = pathInputOf(text, person);
  expect(input).toEqual(expected);
  if (input) expect(askedOf(pathSearchOf(input))).toEqual(input);
});

it.each([
  { purchaseId: "abc" },
  { orderId: "1.5" },
  { orderId: "" },
  { taskId: "foo bar" },
  { userId: "nonsense", idempotencyKey: "k" },
])("asks about nothing where an address says %j", (search) => {
  expect(askedOf(search)).toBeUndefined();
});

import { expect, it } from "vitest";
import type { AttemptRecord, KeyPath } from "../../../../../shared/record.ts";
import { stepsOf } from "./path-steps.ts";
import { keyWords, verdictOf } from "./path-words.ts";

const attempt: AttemptRecord = {
  userId: "u",
  email: "a@example.com",
  attemptId: "p",
  idempotencyKey: "k",
  saleId: 1,
  saleName: "Friday",
  itemId: 2,
  itemName: "Lamp",
  quantity: 1,
  decidedAt: "2026-12-01T10:00:00.010Z",
  outcome: "bought",
  refusalMessage: null,
  amountCents: 1_200,
  balanceCents: 800,
  remaining: 3,
  position: 7,
  refundedAt: null,
};

const path: KeyPath = {
  user: { id: "u", name: "A", email: "a@example.com", active: true },
  attempt,
  order: null,
  saleCancelledAt: null,
  requestedAt: "2026-12-01T10:00:00.000Z",
  charge: { at: attempt.decidedAt, amountCents: 1_200, balanceBeforeCents: 2_000, balanceAfterCents: 800 },
  refund: null,
  task: null,
  warehouse: null,
  changes: [],
  others: { attempts: [], orders: [] },
};

const refused: AttemptRecord = {
  ...attempt,
  attemptId: "q",
  outcome: "LIMIT_REACHED",
  refusalMessage: "One each.",
  amountCents: null,
  balanceCents: null,
  remaining: null,
  position: null,
};

const other: AttemptRecord = { ...attempt, attemptId: "o" };

it("says that it was charged once, and that nothing else was", () => {
  const { title, tone, sentences } = verdictOf(path);
  expect([title, tone]).toEqual(["Charged once", "good"]);
  expect(sentences[0]).toContain("€12.00 on 1 Dec 2026");
  expect(sentences[1]).toContain("no other purchase or order");
});

it("finds the other key of somebody who clicked twice, and tells it from what was refused and what came back", () => {
  const others = { attempts: [other, refused, { ...other, refundedAt: attempt.decidedAt }], orders: [] };
  const { title, tone, sentences } = verdictOf({ ...path, others });
  expect([title, tone]).toEqual(["Charged once", "bad"]);
  expect(sentences.at(-1)).toBe("What was charged under one other key was given back.");
  expect(sentences.at(-2)).toBe(
    "The buyer was charged besides under one other key: €12.00 for 1 × Lamp. Two clicks are two keys.",
  );
});

it("says of a refused one which other was charged, and not that it was charged itself", () => {
  const { sentences } = verdictOf({
    ...path,
    attempt: refused,
    charge: null,
    others: { attempts: [other], orders: [] },
  });
  expect(sentences.at(-1)).toBe("The buyer was charged under one other key: €12.00 for 1 × Lamp.");
});

it("says how many units a charge was for, and that a cancelled sale gives nothing back by itself", () => {
  const { sentences } = verdictOf({
    ...path,
    attempt: { ...attempt, quantity: 2 },
    saleCancelledAt: "2026-12-01T11:00:00.000Z",
  });
  expect(sentences[0]).toContain("€12.00, 2 at €6.00 each, on 1 Dec 2026");
  expect(sentences[1]).toContain("cancelled on 1 Dec 2026");
  expect(sentences[1]).toContain("stays bought and paid for");
});

it("speaks of each product of an order", () => {
  const line = { productId: 1, productName: "Lamp", quantity: 1, priceCents: 600 };
  const order = { orderId: 3, placedAt: attempt.decidedAt, lines: [line, { ...line, productId: 2 }] };
  const { sentences } = verdictOf({ ...path, attempt: null, order: order as unknown as KeyPath["order"] });
  expect(sentences.at(-1)).toContain("no other purchase or order of any of these products");
});

it("says that it was given back, and that a refused one was never charged", () => {
  const refund = {
    userId: "u",
    email: "",
    refundId: "r",
    purchaseId: "p",
    orderId: null,
    itemId: 2,
    what: "Lamp",
    amountCents: 1_200,
    balanceCents: 2_000,
    unitsReturned: true,
    reason: "Broken",
    actorId: null,
    refundedAt: "2026-12-02T10:00:00.000Z",
  };
  expect(verdictOf({ ...path, refund })).toMatchObject({ title: "Charged once, and given back", tone: "good" });
  const ofRefused = verdictOf({ ...path, attempt: refused, charge: null });
  expect(ofRefused).toMatchObject({ title: "Not charged", tone: "plain" });
  expect(ofRefused.sentences[0]).toContain("One each.");
});

it("tells what happened in the order of time, the decision before the charge that follows from it", () => {
  expect(stepsOf(path).map(({ title }) => title)).toEqual([
    "The shop took the request",
    "Bought 1 × Lamp, number 7",
    "Charged €12.00",
  ]);
  const [, decision] = stepsOf({ ...path, attempt: refused, charge: null });
  expect(decision?.detail).toContain("“One each.”");
});

it("says what else an order holds, where the other charge is one", () => {
  const order = { orderId: 12, amountCents: 24_500, contents: "1 × Lamp, 2 × Mug", refundedAt: null };
  const orders = [order] as unknown as KeyPath["others"]["orders"];
  const { sentences } = verdictOf({ ...path, others: { attempts: [other], orders } });
  expect(sentences.at(-1)).toContain(
    "under 2 other keys: €12.00 for 1 × Lamp; €245.00 for order 12 (1 × Lamp, 2 × Mug).",
  );
  const five = { attempts: [other, other, other, other, other], orders: [] };
  expect(verdictOf({ ...path, others: five }).sentences.at(-1)).toContain("; and 2 more, below.");
});

it("says that nothing is left of the other charge once it was given back", () => {
  const others = { attempts: [{ ...other, refundedAt: attempt.decidedAt }], orders: [] };
  const { tone, sentences } = verdictOf({ ...path, others });
  expect([tone, sentences.at(-1)]).toEqual(["good", "What was charged under one other key was given back."]);
});

it("names who gave it back, and the program that did it for them, once", () => {
  const change = { id: 1, occurredAt: "2026-12-02T10:00:00.000Z", actorKind: "person", actorId: "s" } as const;
  const given = {
    refundedAt: change.occurredAt,
    amountCents: 1_200,
    balanceCents: 2_000,
    reason: "Broken",
    actorId: "s",
  };
  const steps = stepsOf({
    ...path,
    refund: given as KeyPath["refund"],
    changes: [
      { ...change, action: "purchases.refund", subject: "", outcome: "success", details: { key: { name: "Till" } } },
      { ...change, action: "tasks.retry", subject: "", outcome: "failure", details: {} },
    ],
  }).slice(3);
  expect(steps).toMatchObject([
    { title: "Gave back €12.00", by: { userId: "s", program: "Till" } },
    { title: "The dispatch was begun anew by hand", detail: "It failed, and changed nothing.", by: { userId: "s" } },
  ]);
});

it("shows the key that was typed beside what stands for it", () => {
  const typed = (idempotencyKey: string) => keyWords(path, { userId: "u", idempotencyKey });
  expect(typed("SPACE-key-A")).toBe("SPACE-key-A, which the record keeps as k");
  expect([typed("k"), typed("p"), keyWords(path, { purchaseId: "p" })]).toEqual(["k", "k", "k"]);
});

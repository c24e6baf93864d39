import { expect, test } from "vitest";
import { Fault } from "../../shared/faults.ts";
import { OrderGate } from "./order-gate.ts";

test("a few work at a time, in the order in which they came, and all get their answers", async () => {
  const gate = new OrderGate();
  const begun: number[] = [];
  const turns = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  const answers = turns.map((turn, n) =>
    gate.run(async () => {
      begun.push(n);
      await turn.promise;
      return n;
    }),
  );
  expect(begun).toEqual([0, 1, 2, 3]);
  turns[2]?.resolve();
  expect(await answers[2]).toBe(2);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  for (const turn of turns) turn.resolve();
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a failure is its own caller's, and makes room", async () => {
  const gate = new OrderGate();
  const failing = Array.from({ length: 4 }, () => gate.run(() => Promise.reject(new Error("no"))));
  const next = gate.run(async () => "yes");
  expect(await Promise.allSettled(failing)).toMatchObject(Array(4).fill({ reason: { message: "no" } }));
  expect(await next).toBe("yes");
});

test("whoever finds the queue full is told to come again", async () => {
  const gate = new OrderGate();
  const turn = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 1_004 }, () => gate.run(() => turn.promise));
  const late = gate.run(async () => "served");
  await expect(late).rejects.toBeInstanceOf(Fault);
  await expect(late).rejects.toMatchObject({ code: "OVERLOADED", retryAfterMs: 1_000 });
  turn.resolve();
  await Promise.all(waiting);
});

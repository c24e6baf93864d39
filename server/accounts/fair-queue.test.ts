import { expect, it } from "vitest";
import { FairQueue } from "./fair-queue.ts";

/** A queue whose pieces of work wait at gates. */
function queueOf({ atOnceMax = 1, waitingMax = 100 } = {}) {
  const clock = { ms: 0 };
  const queue = new FairQueue({
    atOnceMax,
    waitingMax,
    waitMsMax: 1_000,
    refusal: "Too many.",
    retryAfterMs: 5_000,
    now: () => clock.ms,
  });
  const begun: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const refused: string[] = [];
  /** Has a piece of work of the caller done, named after them. */
  const ask = (name: string) => {
    queue
      .run(name.charAt(0), () => {
        begun.push(name);
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        return gate.promise;
      })
      .catch(({ code, retryAfterMs }) => {
        if (code !== undefined) refused.push(`${name} ${code} ${retryAfterMs}`);
      });
  };
  /** Ends the piece of work that has been going on for the longest. */
  const finishOne = async (fail = false) => {
    const gate = gates.shift();
    if (fail) gate?.reject(new Error("broken"));
    else gate?.resolve();
    await new Promise(setImmediate);
  };
  return { clock, begun, refused, ask, finishOne };
}

it("does one piece for everybody before it does a second for anybody", async () => {
  const { begun, ask, finishOne } = queueOf();
  for (let n = 0; n < 65; n++) ask(`a${n}`);
  ask("b0");
  ask("c0");
  ask("b1");
  for (let n = 0; n < 7; n++) await finishOne();
  expect(begun).toEqual(["a0", "a1", "b0", "c0", "a2", "b1", "a3", "a4"]);
});

it("works on no more at a time than it may, and goes on when a piece fails", async () => {
  const { begun, ask, finishOne } = queueOf({ atOnceMax: 2 });
  for (const name of ["a0", "a1", "a2", "a3"]) ask(name);
  expect(begun).toEqual(["a0", "a1"]);
  await finishOne(true);
  expect(begun).toEqual(["a0", "a1", "a2"]);
  await finishOne();
  await finishOne();
  await finishOne();
  ask("b0");
  ask("b1");
  ask("b2");
  expect(begun).toEqual(["a0", "a1", "a2", "a3", "b0", "b1"]);
});

it("refuses who has most waiting when it is full, and nobody else", async () => {
  const { begun, refused, ask, finishOne } = queueOf({ waitingMax: 3 });
  for (const name of ["a0", "a1", "a2", "a3", "a4"]) ask(name);
  await new Promise(setImmediate);
  expect(refused).toEqual(["a4 OVERLOADED 5000"]);
  ask("b0");
  ask("c0");
  // Everybody waits for one piece.
  ask("d0");
  await new Promise(setImmediate);
  expect(refused).toEqual(["a4 OVERLOADED 5000", "a3 OVERLOADED 5000", "a2 OVERLOADED 5000", "d0 OVERLOADED 5000"]);
  for (let n = 0; n < 4; n++) await finishOne();
  expect(begun).toEqual(["a0", "a1", "b0", "c0"]);
});

it("refuses at their turn those who have waited for too long, and goes on with the next", async () => {
  const { clock, begun, refused, ask, finishOne } = queueOf();
  for (const name of ["a0", "a1", "b0"]) ask(name);
  clock.ms = 1_001;
  ask("c0");
  await finishOne();
  expect(begun).toEqual(["a0", "c0"]);
  expect(refused).toEqual(["a1 OVERLOADED 5000", "b0 OVERLOADED 5000"]);
});

import { describe, expect, it } from "vitest";
import { FakeClock } from "../../../client/sdk/testing/fake-clock.ts";
import { CHAOS_FAULTS, type ChaosFault, type ChaosInput } from "../../../shared/operations.ts";
import { Chaos } from "./chaos.ts";

function start(fault: ChaosFault, settings: Partial<Extract<ChaosInput, { action: "start" }>> = {}): ChaosInput {
  return { action: "start", fault, durationMs: 30_000, latencyMs: 3_000, rate: 1, ...settings };
}

function chaosOn(clock: FakeClock, options: { allowed?: readonly ChaosFault[]; random?: () => number } = {}): Chaos {
  return new Chaos({ allowed: CHAOS_FAULTS, time: clock, ...options });
}

/** Whether the promise is settled after everything that is due now has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe("a fault", () => {
  it("is off until it is started, and ends by itself", () => {
    const clock = new FakeClock();
    const chaos = chaosOn(clock);
    expect(chaos.fails()).toBe(false);
    chaos.control(start("errors", { durationMs: 1_000 }));
    clock.advance(999);
    expect(chaos.fails()).toBe(true);
    clock.advance(1);
    expect(chaos.fails()).toBe(false);
    expect(chaos.state().active).toEqual([]);
  });

  it("is replaced, end and all, when it is started again", () => {
    const clock = new FakeClock();
    const chaos = chaosOn(clock);
    chaos.control(start("refuse", { durationMs: 10_000 }));
    const { active } = chaos.control(start("refuse", { durationMs: 1_000, rate: 0.5 }));
    expect(active).toMatchObject([{ fault: "refuse", rate: 0.5, latencyMs: null }]);
    clock.advance(1_000);
    expect(chaos.state().active).toEqual([]);
  });

  it("strikes the share of the calls that it was given", () => {
    let drawn = 0;
    const chaos = chaosOn(new FakeClock(), { random: () => drawn });
    chaos.control(start("errors", { rate: 0.3 }));
    drawn = 0.29;
    expect(chaos.fails()).toBe(true);
    drawn = 0.3;
    expect(chaos.fails()).toBe(false);
  });

  it("is stopped alone, and the others stay on", () => {
    const chaos = chaosOn(new FakeClock());
    for (const fault of CHAOS_FAULTS) chaos.control(start(fault));
    const { active } = chaos.control({ action: "stop", fault: "errors" });
    expect(active.map(({ fault }) => fault)).toEqual(["latency", "refuse", "crash"]);
    expect(chaos.fails()).toBe(false);
    expect(chaos.refuses()).toBe(true);
    // What is off already may be stopped again.
    expect(chaos.control({ action: "stop", fault: "errors" }).active).toHaveLength(3);
  });

  it("is refused where it is not allowed, and stopping is not", () => {
    const chaos = chaosOn(new FakeClock(), { allowed: ["latency"] });
    chaos.control(start("latency"));
    expect(() => chaos.control(start("crash"))).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
    expect(chaos.takesCrash()).toBe(false);
    expect(chaos.state()).toMatchObject({ allowed: ["latency"], active: [{ fault: "latency" }] });
    expect(chaos.control({ action: "stop" }).active).toEqual([]);
  });

  it("given at the start is on until its time, and not at all when that has passed", () => {
    const clock = new FakeClock();
    const chaos = chaosOn(clock);
    const settings = { latencyMs: 3_000, rate: 1 };
    chaos.startUntil("errors", new Date(Date.now() - 1).toISOString(), settings);
    expect(chaos.fails()).toBe(false);
    chaos.startUntil("errors", new Date(Date.now() + 60_000).toISOString(), settings);
    expect(chaos.fails()).toBe(true);
    clock.advance(60_000);
    expect(chaos.fails()).toBe(false);
  });
});

describe("latency", () => {
  it("keeps a call waiting as long as it says", async () => {
    const clock = new FakeClock();
    const chaos = chaosOn(clock);
    chaos.control(start("latency", { latencyMs: 500 }));
    const waiting = chaos.delay();
    clock.advance(499);
    expect(await isSettled(waiting)).toBe(false);
    clock.advance(1);
    expect(await isSettled(waiting)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("lets everybody go when it is stopped, when it ends, and when it is replaced", async () => {
    const clock = new FakeClock();
    const chaos = chaosOn(clock);
    for (const end of [
      () => chaos.stop(),
      () => void chaos.control({ action: "stop", fault: "latency" }),
      () => clock.advance(2_000),
      () => void chaos.control(start("latency", { latencyMs: 10 })),
    ]) {
      chaos.control(start("latency", { latencyMs: 60_000, durationMs: 2_000 }));
      const waiting = chaos.delay();
      expect(await isSettled(waiting)).toBe(false);
      end();
      expect(await isSettled(waiting)).toBe(true);
      chaos.stop();
      expect(clock.pending).toBe(0);
    }
  });

  it("keeps those waiting who wait when another fault is stopped", async () => {
    const chaos = chaosOn(new FakeClock());
    chaos.control(start("latency"));
    chaos.control(start("errors"));
    const waiting = chaos.delay();
    chaos.control({ action: "stop", fault: "errors" });
    expect(await isSettled(waiting)).toBe(false);
    chaos.stop();
    await waiting;
  });
});

describe("a crash", () => {
  it("comes once", () => {
    const chaos = chaosOn(new FakeClock());
    chaos.control(start("crash", { rate: 0.001 }));
    expect(chaos.takesCrash()).toBe(true);
    expect(chaos.takesCrash()).toBe(false);
    expect(chaos.state().active).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { CallPolicy } from "./call-policy.ts";
import { BREAKER_OPEN_MS } from "./circuit-breaker.ts";
import { driveTime } from "./driven-time.fixture.ts";
import {
  FailedTryError,
  WarehouseBreakerOpenError,
  WarehouseCallError,
  type WarehouseObserver,
} from "./warehouse-client.ts";

const HOUR_MS = 3_600_000;

describe("the circuit breaker", () => {
  it("goes from closed to open, half-open and back to closed", async () => {
    using time = driveTime();
    const { policy, transitions, fail, succeed } = start();
    for (let i = 0; i < 10; i++) await fail();
    expect(policy.state).toBe("open");
    expect(policy.opensInMs).toBe(BREAKER_OPEN_MS);

    await time.pass(BREAKER_OPEN_MS - 1);
    await expect(succeed()).rejects.toThrow(WarehouseBreakerOpenError);
    expect(policy.opensInMs).toBe(1);

    await time.pass(1);
    expect(policy.opensInMs).toBe(0);
    await succeed();
    expect(policy.state).toBe("closed");
    expect(transitions).toEqual([
      ["closed", "open", "out of order"],
      ["open", "half-open", undefined],
      ["half-open", "closed", undefined],
    ]);
  });

  it("opens again for as long when the trial of the half-open state fails", async () => {
    using time = driveTime();
    const { policy, transitions, fail, succeed } = start();
    for (let i = 0; i < 10; i++) await fail();
    await time.pass(BREAKER_OPEN_MS);
    await fail();
    expect(policy.state).toBe("open");
    await time.pass(BREAKER_OPEN_MS - 1);
    await expect(succeed()).rejects.toThrow(WarehouseBreakerOpenError);
    await time.pass(1);
    await succeed();
    expect(transitions.map(([, to]) => to)).toEqual(["open", "half-open", "open", "half-open", "closed"]);
  });

  it("lets one call alone through while it is half open, and makes the others wait for nothing", async () => {
    using time = driveTime();
    const { policy, fail, observed } = start();
    for (let i = 0; i < 10; i++) await fail();
    await time.pass(BREAKER_OPEN_MS);
    const trial = Promise.withResolvers<string>();
    let sent = 0;
    const call = () =>
      policy.execute({ operation: "dispatch" }, () => {
        sent++;
        return trial.promise;
      });
    const first = call();
    expect(policy.state).toBe("half-open");
    expect(policy.opensInMs).toBeGreaterThan(0);
    await expect(call()).rejects.toThrow(WarehouseBreakerOpenError);
    trial.resolve("done");
    expect(await first).toBe("done");
    expect(await call()).toBe("done");
    expect(sent).toBe(2);
    expect(observed.at(-2)).toBe("done");
  });

  it.each([-HOUR_MS, HOUR_MS])(
    "opens and half-opens in its own time when the clock is set by %i ms",
    async (jumpMs) => {
      using time = driveTime();
      const { policy, fail, succeed } = start();
      for (let i = 0; i < 9; i++) await fail();
      time.jump(jumpMs);
      await fail();
      expect(policy.state).toBe("open");
      time.jump(jumpMs);
      await expect(succeed()).rejects.toThrow(WarehouseBreakerOpenError);
      await time.pass(BREAKER_OPEN_MS - 1);
      time.jump(jumpMs);
      await expect(succeed()).rejects.toThrow(WarehouseBreakerOpenError);
      await time.pass(1);
      time.jump(-2 * jumpMs);
      await succeed();
      expect(policy.state).toBe("closed");
    },
  );

  it("stays closed until ten tries are known, and opens with the failed one that makes half of them", async () => {
    using _ = driveTime();
    const { policy, fail, succeed } = start();
    for (let i = 0; i < 9; i++) await fail();
    expect(policy.state).toBe("closed");

    const other = start();
    for (let i = 0; i < 5; i++) await other.succeed();
    for (let i = 0; i < 4; i++) await other.fail();
    expect(other.policy.state).toBe("closed");
    await other.fail();
    expect(other.policy.state).toBe("open");

    await succeed();
    expect(policy.state).toBe("closed");
    await fail();
    expect(policy.state).toBe("open");
  });

  it("looks at the latest twenty tries: of a long good time nothing is left after half of them", async () => {
    using _ = driveTime();
    const { policy, fail, succeed } = start();
    for (let i = 0; i < 1_000; i++) await succeed();
    for (let i = 0; i < 9; i++) await fail();
    expect(policy.state).toBe("closed");
    for (let i = 0; i < 11; i++) await succeed();
    // Nine of the latest twenty have failed, and the oldest of them go as the next ones come.
    for (let i = 0; i < 9; i++) await fail();
    expect(policy.state).toBe("closed");
    await fail();
    expect(policy.state).toBe("open");
  });

  it("begins anew once it has closed: earlier failures count no more", async () => {
    using time = driveTime();
    const { policy, fail, succeed } = start();
    for (let i = 0; i < 10; i++) await fail();
    await time.pass(BREAKER_OPEN_MS);
    await succeed();
    for (let i = 0; i < 8; i++) await fail();
    expect(policy.state).toBe("closed");
    await fail();
    expect(policy.state).toBe("open");
  });

  it("goes by nothing that was sent before it opened", async () => {
    using time = driveTime();
    const { policy, transitions, fail, succeed } = start();
    const before = Promise.withResolvers<string>();
    const sentBefore = policy.execute({ operation: "dispatch", once: true }, () => before.promise);
    for (let i = 0; i < 10; i++) await fail();
    await time.pass(1_000);
    before.reject(new FailedTryError("late"));
    await expect(sentBefore).rejects.toThrow("late");
    expect(policy.opensInMs).toBe(BREAKER_OPEN_MS - 1_000);
    await time.pass(BREAKER_OPEN_MS - 1_000);
    await succeed();
    expect(transitions.map(([, to]) => to)).toEqual(["open", "half-open", "closed"]);
  });

  it("does not open for what the caller did wrong", async () => {
    using _ = driveTime();
    const { policy } = start();
    for (let i = 0; i < 100; i++) {
      const call = policy.execute({ operation: "dispatch" }, () => Promise.reject(new WarehouseCallError("401", 401)));
      await expect(call).rejects.toThrow(WarehouseCallError);
    }
    expect(policy.state).toBe("closed");
  });

  it("asks by itself when it may be tried again, so that nobody has to want something first", async () => {
    using time = driveTime();
    let works = false;
    const states: string[] = [];
    const policy: CallPolicy = new CallPolicy({
      observer: { transitioned: (_, to) => states.push(to) },
      trial: () =>
        policy.execute({ operation: "trial", once: true }, async () => {
          if (!works) throw new FailedTryError("out of order");
        }),
    });
    for (let i = 0; i < 10; i++) await failOnce(policy);
    await time.pass(BREAKER_OPEN_MS + 1_000);
    expect(states).toEqual(["open", "half-open", "open"]);
    works = true;
    await time.pass(BREAKER_OPEN_MS);
    expect(states).toEqual(["open", "half-open", "open", "half-open", "closed"]);
  });
});

function start() {
  const transitions: [string, string, string | undefined][] = [];
  const observed: string[] = [];
  const observer: WarehouseObserver = {
    transitioned: (...transition) => void transitions.push(transition),
    tried: (_, outcome) => void observed.push(outcome),
  };
  const policy = new CallPolicy({ observer });
  return {
    policy,
    transitions,
    observed,
    fail: () => failOnce(policy),
    succeed: () => policy.execute({ operation: "dispatch", once: true }, async () => "done"),
  };
}

async function failOnce(policy: CallPolicy): Promise<void> {
  const failing = () => Promise.reject(new FailedTryError("out of order"));
  await expect(policy.execute({ operation: "dispatch", once: true }, failing)).rejects.toThrow("out of order");
}

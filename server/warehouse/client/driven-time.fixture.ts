import { vi } from "vitest";

/** Timers and clocks that stand still until the test moves them. Real connections go on; nothing else may wait by timers. */
export function driveTime(): DrivenTime {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  return {
    pass: (ms) => vi.advanceTimersByTimeAsync(ms).then(() => {}),
    jump: (ms) => void vi.setSystemTime(Date.now() + ms),
    [Symbol.dispose]: () => void vi.useRealTimers(),
  };
}

export interface DrivenTime extends Disposable {
  /** Time goes by, for timers and clocks alike. */
  pass(ms: number): Promise<void>;
  /** Somebody sets the computer's clock: no time goes by. */
  jump(ms: number): void;
}

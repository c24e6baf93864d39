/** What a countdown shows, each part padded as on a station clock. Days only where there are any. */
export interface CountdownParts {
  readonly days: number;
  readonly hours: string;
  readonly minutes: string;
  readonly seconds: string;
}

/**
 * Splits what is left. Seconds are rounded up, so that "00:00:00" shows when the moment has come and not before.
 *
 * @param leftMs milliseconds; below zero counts as zero
 */
export function countdownParts(leftMs: number): CountdownParts {
  const total = Math.max(0, Math.ceil(leftMs / 1_000));
  return {
    days: Math.floor(total / 86_400),
    hours: pad(Math.floor(total / 3_600) % 24),
    minutes: pad(Math.floor(total / 60) % 60),
    seconds: pad(total % 60),
  };
}

/** Milliseconds until the second that is shown changes. */
export function untilNextSecondMs(leftMs: number): number {
  const rest = leftMs % 1_000;
  return rest > 0 ? rest : 1_000 + rest;
}

/** The same for ears: the two largest units, without the seconds while there is more than a minute. */
export function countdownWords(leftMs: number): string {
  const { days, hours, minutes, seconds } = countdownParts(leftMs);
  const parts = [
    [days, "day"],
    [Number(hours), "hour"],
    [Number(minutes), "minute"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, unit]) => plural(count, unit));
  return words.length > 0 ? words.slice(0, 2).join(" ") : plural(Number(seconds), "second");
}

/**
 * How much of the window is left, from 1 at its start to 0 at its end.
 *
 * @param nowMs and the other two are milliseconds on one clock
 */
export function fractionLeft({ startsAtMs, endsAtMs, nowMs }: { startsAtMs: number; endsAtMs: number; nowMs: number }) {
  if (endsAtMs <= startsAtMs) return 0;
  return Math.min(1, Math.max(0, (endsAtMs - nowMs) / (endsAtMs - startsAtMs)));
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

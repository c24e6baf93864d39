import { LOCALE } from "../components/money.tsx";
import { serverClock } from "./server-clock.ts";

/**
 * A moment for people, in the reader's time zone, which is named: "20 Nov, 18:00 GMT+1", and "29 Feb 2028, 23:30
 * GMT+1" when its year is not the one that the server's clock shows, or `withYear` asks for it. Every date on the page is
 * written by this function.
 *
 * @param at ISO 8601
 * @param timeZone the reader's own when absent
 */
export function momentWords(at: string, options: MomentOptions = {}): string {
  const { nowMs = serverClock.nowMs(), timeZone, withYear = false } = options;
  const moment = new Date(at);
  const { short, long, year } = formatsOf(timeZone);
  return (!withYear && year.format(moment) === year.format(nowMs) ? short : long).format(moment);
}

/** The time of day alone, for what is plainly of today: an axis, a log. */
export function clockWords(at: string, precision: keyof typeof CLOCKS = "minutes"): string {
  return CLOCKS[precision].format(new Date(at));
}

/** Making one takes a hundred times as long as using it. */
function formatsOf(timeZone = ""): Formats {
  const made = FORMATS.get(timeZone) ?? makeFormats(timeZone === "" ? {} : { timeZone });
  FORMATS.set(timeZone, made);
  return made;
}

function makeFormats(zone: { timeZone?: string }): Formats {
  const short = { ...zone, ...MINUTES, day: "numeric", month: "short", timeZoneName: "short" } as const;
  return {
    short: new Intl.DateTimeFormat(LOCALE, short),
    long: new Intl.DateTimeFormat(LOCALE, { ...short, year: "numeric" }),
    year: new Intl.DateTimeFormat(LOCALE, { ...zone, year: "numeric" }),
  };
}

const FORMATS = new Map<string, Formats>();

const MINUTES = { hour: "2-digit", minute: "2-digit" } as const;
const SECONDS = { ...MINUTES, second: "2-digit" } as const;

const CLOCKS = {
  minutes: new Intl.DateTimeFormat(LOCALE, MINUTES),
  seconds: new Intl.DateTimeFormat(LOCALE, SECONDS),
  milliseconds: new Intl.DateTimeFormat(LOCALE, { ...SECONDS, fractionalSecondDigits: 3 }),
} as const;

type Formats = Readonly<Record<"short" | "long" | "year", Intl.DateTimeFormat>>;

interface MomentOptions {
  /** Milliseconds since 1970; the server's clock when absent. */
  readonly nowMs?: number;
  readonly timeZone?: string | undefined;
  /** For what is kept, or is looked at in another year. */
  readonly withYear?: boolean;
}

import { LOCALE } from "../../../components/money.tsx";

/*
 * What a clock on the wall of a time zone shows, as text of a field ("2026-12-04T18:00"), and the moments that it stands for.
 * Where clocks are put forward some of what they could show never comes, and where they are put back some comes twice.
 */

/** What the wall clock shows at a moment, to the minute. */
export function wallText(atMs: number, timeZone: string): string {
  const parts = Object.fromEntries(
    partsOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year?.padStart(4, "0")}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** What a wall clock's time stands for; nothing where its year is none that a sale could have. */
export function readWall(text: string, timeZone: string): WallTime {
  const wallMs = Date.parse(`${text}Z`);
  if (!WALL.test(text) || !(wallMs >= FIRST_MS && wallMs < LAST_MS)) return { kind: "none" };
  // No zone is more than a day from UTC, and none changes its clocks twice in two days.
  const offsets = [...new Set([-DAY_MS, 0, DAY_MS].map((ms) => offsetMs(wallMs + ms, timeZone)))];
  const moments = offsets.map((offset) => wallMs - offset).filter((atMs) => wallText(atMs, timeZone) === text);
  const [first, second] = moments.sort((a, b) => a - b);
  if (first === undefined) {
    // The clock that was not put forward would show it then.
    const atMs = wallMs - Math.min(...offsets);
    return { kind: "skipped", instead: wallText(atMs, timeZone) };
  }
  return second === undefined ? { kind: "once", atMs: first } : { kind: "twice", firstMs: first, secondMs: second };
}

/** The moment that it stands for: of two the first, unless the second was chosen. Undefined where there is none. */
export function momentMs({ text, turn }: { text: string; turn: string }, timeZone: string): number | undefined {
  const wall = readWall(text, timeZone);
  if (wall.kind === "once") return wall.atMs;
  if (wall.kind !== "twice") return undefined;
  return turn === "second" ? wall.secondMs : wall.firstMs;
}

/** How far the zone is from UTC at a moment, as people write it: "UTC+1". */
export function offsetWords(atMs: number, timeZone: string): string {
  const minutes = offsetMs(atMs, timeZone) / 60_000;
  if (minutes === 0) return "UTC";
  const rest = Math.abs(minutes) % 60;
  const hours = Math.trunc(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** A moment in UTC, for people: "Fri 4 Dec 2026, 17:00 UTC". */
export function utcWords(atMs: number): string {
  return `${UTC.format(atMs)} UTC`;
}

/** The zone of whoever looks, as their computer has it: "Europe/Berlin". */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * The same time of the wall clock on the first same weekday that lies ahead, for a copy: what began on a Friday at 18:00
 * begins on a Friday at 18:00, also where the clocks change in between.
 *
 * @param after the copy begins later than this
 */
export function onNextSameWeekday(text: string, { afterMs, timeZone }: { afterMs: number; timeZone: string }): string {
  const wallMs = Date.parse(`${text}Z`);
  const aheadMs = Date.parse(`${wallText(afterMs, timeZone)}Z`) - wallMs;
  const weeks = Math.max(1, Math.floor(aheadMs / WEEK_MS) + 1);
  return new Date(wallMs + weeks * WEEK_MS).toISOString().slice(0, 16);
}

/** The wall clock's time so much later, as the calendar counts. */
export function laterBy(text: string, ms: number): string {
  return new Date(Date.parse(`${text}Z`) + ms).toISOString().slice(0, 16);
}

/** What lies between two of them, as the calendar counts. */
export function wallDistanceMs(from: string, to: string): number {
  return Date.parse(`${to}Z`) - Date.parse(`${from}Z`);
}

function offsetMs(atMs: number, timeZone: string): number {
  const minuteMs = Math.floor(atMs / 60_000) * 60_000;
  return Date.parse(`${wallText(minuteMs, timeZone)}Z`) - minuteMs;
}

function partsOf(timeZone: string): Intl.DateTimeFormat {
  const made = FORMATS.get(timeZone) ?? new Intl.DateTimeFormat("en-u-ca-iso8601", { ...PARTS, timeZone });
  FORMATS.set(timeZone, made);
  return made;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();
const PARTS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

const UTC = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

const WALL = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;
/** A field takes years of four digits, and the day before and the day after have to be such as well. */
const FIRST_MS = Date.UTC(1900, 0, 1);
const LAST_MS = Date.UTC(9999, 0, 1);
const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

export type WallTime =
  | { readonly kind: "none" }
  | { readonly kind: "once"; readonly atMs: number }
  /** Never shown: the clock was put forward. `instead` is what it shows when that much time has passed. */
  | { readonly kind: "skipped"; readonly instead: string }
  | { readonly kind: "twice"; readonly firstMs: number; readonly secondMs: number };

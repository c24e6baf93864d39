import { LOCALE } from "./money.tsx";

/** A moment in the reader's time zone. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} className="figures whitespace-nowrap">
      {formatWhen(at)}
    </time>
  );
}

/** For example "20 Nov, 18:00". */
export function formatWhen(at: string): string {
  return FORMAT.format(new Date(at));
}

const FORMAT = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

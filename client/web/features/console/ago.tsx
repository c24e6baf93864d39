import { clockWords, momentWords } from "../../app/moment-words.ts";
import { distanceWords } from "./time-words.ts";
import { useNowMs } from "./use-now.ts";

/**
 * How long ago something was, or how soon it will be; the time itself where one points at it, and on paper: nobody knows when
 * that is read.
 */
export function Ago({ at }: { at: string }) {
  const nowMs = useNowMs();
  return (
    <time
      dateTime={at}
      title={`${momentWords(at)}, to the millisecond ${clockWords(at, "milliseconds")}`}
      data-moment={momentWords(at, { withYear: true })}
      className="figures whitespace-nowrap print:before:content-[attr(data-moment)]"
    >
      <span className="print:hidden">{distanceWords(Date.parse(at), nowMs)}</span>
    </time>
  );
}

/** How soon something is due. What should have begun already does so with the next look of a worker. */
export function Due({ at }: { at: string }) {
  const nowMs = useNowMs();
  return Date.parse(at) > nowMs ? <Ago at={at} /> : "now";
}

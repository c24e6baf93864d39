import type { TaskLogEntry } from "../../../../../shared/tasks.ts";
import { clockWords } from "../../../app/moment-words.ts";
import { Ago } from "../ago.tsx";
import type { Tone } from "../tag.tsx";
import { eventWords } from "./task-status-words.ts";

/** What happened to a task, from its beginning on, as a line of time. */
export function TaskLog({ log }: { log: readonly TaskLogEntry[] }) {
  return (
    <ol aria-label="Log" className="ml-1.5 border-l-2 border-line">
      {log.map((entry) => {
        const { text, tone, detail } = eventWords(entry);
        return (
          <li key={`${entry.version} ${entry.event} ${entry.at}`} className="relative pb-4 pl-5 last:pb-0">
            <span
              aria-hidden="true"
              className={`absolute top-1.5 -left-[7px] size-3 rounded-full ring-2 ring-surface ${DOTS[tone]}`}
            />
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-semibold wrap-anywhere">{text}</span>
              <span className="figures text-sm text-muted">
                <time dateTime={entry.at}>{clockWords(entry.at, "milliseconds")}</time> · <Ago at={entry.at} />
              </span>
            </p>
            {detail !== null && <p className="text-sm leading-snug wrap-anywhere text-muted">{detail}</p>}
          </li>
        );
      })}
    </ol>
  );
}

const DOTS: Record<Tone, string> = {
  plain: "bg-ink",
  busy: "bg-flag",
  good: "bg-good",
  bad: "bg-hot",
  quiet: "bg-edge",
};

import { useQuery } from "@tanstack/react-query";
import type { Breaker } from "../../../../../shared/warehouse.ts";
import { When } from "../../../components/when.tsx";
import { Ago } from "../ago.tsx";
import { breakerQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { Sign, Tag } from "../tag.tsx";
import { secondsLeft } from "../time-words.ts";
import { useNowMs } from "../use-now.ts";
import { BREAKER_WORDS } from "./breaker-words.ts";

/** Whether calls to the warehouse are let through: by all processes together, by each, and how that changed. */
export function BreakerPanel() {
  const query = useQuery(breakerQuery);
  return (
    <Panel title="Circuit breaker">
      <Found query={query} what="the breaker" skeleton="h-48">
        {(breaker) => (
          <>
            <Standing breaker={breaker} />
            <Instances instances={breaker.instances} />
            <h3 className="mt-5 mb-1 font-bold narrow">Changes</h3>
            <Transitions transitions={breaker.transitions} />
          </>
        )}
      </Found>
    </Panel>
  );
}

function Standing({ breaker: { state } }: { breaker: Breaker }) {
  const { text, meaning, tone, sign } = BREAKER_WORDS[state];
  return (
    <div role="status" className={`flex items-center gap-4 rounded-lg px-4 py-3.5 ${GROUNDS[tone] ?? ""}`}>
      <Sign sign={sign} className="size-10 stroke-[1.6]" />
      <div>
        <p className="poster text-3xl uppercase">{text}</p>
        <p className="mt-1 text-sm leading-snug">{meaning}</p>
      </div>
    </div>
  );
}

function Instances({ instances }: Pick<Breaker, "instances">) {
  const nowMs = useNowMs();
  if (instances.length === 0) return null;
  return (
    <ul aria-label="Breaker of each process" className="mt-3 grid grid-cols-1 gap-y-1.5">
      {instances.map(({ instance, state, since, halfOpenAt }) => {
        const { text, tone, sign } = BREAKER_WORDS[state];
        return (
          <li key={instance} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span title={instance} className="max-w-full truncate font-semibold">
              {instance}
            </span>
            <Tag tone={tone} sign={sign}>
              {text}
            </Tag>
            <span className="figures text-sm text-muted">
              {halfOpenAt === null ? (
                <>
                  since <Ago at={since} />
                </>
              ) : (
                untilWords(secondsLeft(halfOpenAt, nowMs))
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function untilWords(seconds: number): string {
  return seconds === 0 ? "tries with the next call" : `tries again in ${seconds} s`;
}

function Transitions({ transitions }: Pick<Breaker, "transitions">) {
  if (transitions.length === 0) return <p className="text-sm text-muted">None: it has been closed all the time.</p>;
  return (
    <ol aria-label="Changes of the breaker" className="divide-y divide-line">
      {transitions.slice(0, SHOWN_MAX).map(({ instance, from, to, reason, at }) => (
        <li key={`${instance} ${at} ${to}`} className="py-2 text-sm">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="wrap-anywhere">
              <span className="font-semibold">{instance}</span>: {BREAKER_WORDS[from].text.toLowerCase()} →{" "}
              <span className="font-semibold">{BREAKER_WORDS[to].text.toLowerCase()}</span>
            </span>
            <span className="text-muted">
              <When at={at} /> · <Ago at={at} />
            </span>
          </p>
          {reason !== null && <p className="leading-snug wrap-anywhere text-muted">{reason}</p>}
        </li>
      ))}
    </ol>
  );
}

/** A warehouse that comes and goes fills this soon; what was before is in the metrics. */
const SHOWN_MAX = 8;

const GROUNDS: Partial<Record<string, string>> = {
  good: "bg-good-soft text-good",
  busy: "bg-flag text-flag-ink",
  bad: "bg-hot-soft text-hot",
};

import { useEffect, useRef, useState } from "react";
import {
  CHAOS_DURATION_MS,
  CHAOS_LATENCY_MS,
  type ChaosFault,
  type ChaosState,
} from "../../../../../shared/operations.ts";
import { useMayChange } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { Tag } from "../tag.tsx";
import { lengthWords, secondsLeft } from "../time-words.ts";
import { useDraft } from "../use-draft.ts";
import { useNowMs } from "../use-now.ts";
import { FAULT_WORDS } from "./fault-words.ts";
import { useChaos } from "./use-chaos.ts";

/** One fault: what it does, how long and how hard, and how long it is still on. */
export function FaultCard({ fault, active, seenAtMs, isAllowed }: FaultCardProps) {
  const { name, meaning, hasRate } = FAULT_WORDS[fault];
  const mayChange = useMayChange();
  const draft = useDraft(`fault-${fault}`);
  const [choices, setChoices] = useState(() => ({ ...FIRST_CHOICES, ...draft.read() }));
  const { durationMs, latencyMs, rate } = choices;
  const choose = (choice: Partial<typeof FIRST_CHOICES>) => {
    draft.keep({ ...choices, ...choice });
    setChoices({ ...choices, ...choice });
  };
  const [isAsking, setAsking] = useState(false);
  const chaos = useChaos({ active: active !== undefined, seenAtMs, onDone: draft.drop });
  const startButton = useRef<HTMLButtonElement>(null);
  const busyWith = chaos.isPending ? chaos.variables.action : undefined;
  const start = () => {
    setAsking(false);
    chaos.mutate({
      action: "start",
      fault,
      durationMs: Number(durationMs),
      latencyMs: Number(latencyMs),
      rate: hasRate ? Number(rate) : 1,
    });
  };
  // The button that stopped it is gone then: the focus goes to the one beside it rather than nowhere.
  const isStopped = chaos.isSuccess && chaos.variables.action === "stop";
  useEffect(() => {
    if (isStopped) startButton.current?.focus();
  }, [isStopped]);
  return (
    <section
      aria-label={name}
      className={`flex flex-col rounded-lg p-4 ring-1 ${active ? "bg-hot-soft ring-hot" : "bg-paper ring-line"}`}
    >
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-lg font-bold narrow">{name}</h3>
        {active ? (
          <TimeLeft until={active.until} />
        ) : (
          <Tag tone="quiet" sign="off">
            Off
          </Tag>
        )}
      </header>
      <p className="mt-1 mb-4 text-sm leading-snug text-muted">
        {meaning}
        {active && settingWords(active)}
      </p>
      {mayChange && (
        <div className="mt-auto grid grid-cols-2 items-end gap-3">
          <ChoiceField
            label={fault === "crash" ? "At the latest after" : "For"}
            value={durationMs}
            options={DURATIONS}
            all={null}
            onChoose={(durationMs) => durationMs !== undefined && choose({ durationMs })}
          />
          {fault === "latency" && (
            <ChoiceField
              label="Delay"
              value={latencyMs}
              options={LATENCIES}
              all={null}
              onChoose={(latencyMs) => latencyMs !== undefined && choose({ latencyMs })}
            />
          )}
          {hasRate && (
            <ChoiceField
              label="Share of calls"
              value={rate}
              options={RATES}
              all={null}
              onChoose={(rate) => rate !== undefined && choose({ rate })}
            />
          )}
          <div className="col-span-2 flex gap-3">
            <Button
              ref={startButton}
              look={active ? "plain" : "primary"}
              disabled={!isAllowed || busyWith === "stop"}
              busy={busyWith === "start"}
              className="flex-1"
              aria-label={`${active ? "Start again" : "Start"}: ${name}`}
              onClick={() => (fault === "crash" ? setAsking(true) : start())}
            >
              {active ? "Start again" : "Start"}
            </Button>
            {active && (
              <Button
                disabled={busyWith === "start"}
                busy={busyWith === "stop"}
                className="flex-1"
                aria-label={`Stop: ${name}`}
                onClick={() => chaos.mutate({ action: "stop", fault })}
              >
                Stop
              </Button>
            )}
          </div>
        </div>
      )}
      {chaos.error && <ActionFailure error={chaos.error} isLooking={chaos.isLooking} className="mt-3" />}
      {mayChange && !isAllowed && <p className="mt-3 text-sm font-medium text-hot">Not allowed in this shop.</p>}
      <Dialog
        title="Crash the warehouse?"
        description="With the next dispatch its process dies in earnest, after the stock is written and before anybody hears of it. It is started again within seconds; buyers notice nothing but the wait."
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <div className="flex flex-wrap gap-3">
          <Button onClick={start}>Crash it</Button>
          <Button look="plain" onClick={() => setAsking(false)}>
            Leave it alone
          </Button>
        </div>
      </Dialog>
    </section>
  );
}

function TimeLeft({ until }: { until: string }) {
  const seconds = secondsLeft(until, useNowMs());
  return (
    <Tag tone="bad" sign="turning">
      On, {lengthWords(seconds * 1_000)} left
    </Tag>
  );
}

function settingWords({ fault, latencyMs, rate }: ActiveFault): string {
  const late = fault === "latency" && latencyMs !== null ? ` Now by ${lengthWords(latencyMs)}` : " Now";
  return FAULT_WORDS[fault].hasRate ? `${late}, ${PERCENT.format(rate)} of the calls.` : "";
}

const FIRST_CHOICES = { durationMs: String(CHAOS_DURATION_MS), latencyMs: String(CHAOS_LATENCY_MS), rate: "1" };

const PERCENT = new Intl.NumberFormat("en", { style: "percent" });

const DURATIONS = [10_000, 30_000, 60_000, 120_000, 300_000].map(choice);
const LATENCIES = [500, 1_000, 3_000, 6_000, 20_000].map(choice);
const RATES = [0.1, 0.25, 0.5, 1].map((value) => ({ value: String(value), words: PERCENT.format(value) }));

function choice(ms: number): { value: string; words: string } {
  return { value: String(ms), words: lengthWords(ms) };
}

type ActiveFault = ChaosState["active"][number];

interface FaultCardProps {
  readonly fault: ChaosFault;
  /** Undefined while it is off. */
  readonly active: ActiveFault | undefined;
  /** When that was read, by this computer's clock. */
  readonly seenAtMs: number;
  readonly isAllowed: boolean;
}

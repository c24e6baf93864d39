import { useQuery } from "@tanstack/react-query";
import type { ReconcileRun } from "../../../../../shared/operations.ts";
import { Ago } from "../ago.tsx";
import { reconcileStateQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { ProofButton } from "../proof/proof-button.tsx";
import { Tag } from "../tag.tsx";
import { lengthWords } from "../time-words.ts";

/** What was checked, when, and what was found; and a way to check everything now. */
export function ReconcilePanel() {
  const query = useQuery(reconcileStateQuery);
  return (
    <Panel title="Reconciliation">
      <Found query={query} what="what was checked" skeleton="h-40">
        {({ lastFull, lastNew }) => (
          <>
            <p className="mb-3.5 max-w-[80ch] text-[0.95rem] leading-snug text-muted">
              Every unit and every cent is held against what is written down about it. What is new is checked each
              minute; everything, when you ask for it.
            </p>
            <ProofButton kind="reconcile">Check everything again</ProofButton>
            <div className="mt-4 grid items-start gap-x-6 gap-y-4 border-t border-line pt-4 lg:grid-cols-2">
              <Run title="Everything" run={lastFull} />
              <Run title="What is new" run={lastNew} />
            </div>
          </>
        )}
      </Found>
    </Panel>
  );
}

function Run({ title, run }: { title: string; run: ReconcileRun | null }) {
  return (
    <section aria-label={title} className="min-w-0">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-bold narrow">{title}</h3>
        {run === null ? (
          <Tag tone="quiet" sign="waiting">
            Never checked
          </Tag>
        ) : (
          <>
            <Tag tone={run.ok ? "good" : "bad"} sign={run.ok ? "done" : "failed"}>
              {run.ok ? "Adds up" : "Does not add up"}
            </Tag>
            <p className="text-sm text-muted">
              <Ago at={run.startedAt} />, in {lengthWords(run.seconds * 1_000)}
            </p>
          </>
        )}
      </header>
      {run && <Checks title={title} checks={run.checks} />}
    </section>
  );
}

/** All of them at a glance. What is broken is told in full, the rest in the table of checks. */
function Checks({ title, checks }: { title: string } & Pick<ReconcileRun, "checks">) {
  return (
    <>
      <ul aria-label={`Checks of ${title.toLowerCase()}`} className="mt-3 flex flex-wrap gap-x-1.5 gap-y-1.5">
        {checks.map(({ name, ok }) => (
          <li key={name}>
            <Tag tone={ok ? "quiet" : "bad"} sign={ok ? "done" : "failed"}>
              {name}
              <span className="sr-only">{ok ? " holds" : " is broken"}</span>
            </Tag>
          </li>
        ))}
      </ul>
      <Sentences checks={checks.filter(({ ok }) => !ok)} look="text-hot" />
    </>
  );
}

function Sentences({ checks, look }: { checks: ReconcileRun["checks"]; look: string }) {
  return (
    <dl className="grid gap-2 text-sm leading-snug not-empty:mt-2">
      {checks.map(({ name, detail }) => (
        <div key={name}>
          <dt className="font-semibold first-letter:uppercase">{name}</dt>
          <dd className={`wrap-anywhere ${look}`}>{detail}</dd>
        </div>
      ))}
    </dl>
  );
}

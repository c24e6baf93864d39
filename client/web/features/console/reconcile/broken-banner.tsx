import { useQuery } from "@tanstack/react-query";
import { When } from "../../../components/when.tsx";
import { reconcileStateQuery } from "../console-queries.ts";
import { Sign } from "../tag.tsx";
import { ReconcileButton } from "./reconcile-button.tsx";
import { brokenChecks, SCOPE_WORDS } from "./reconcile-words.ts";

/**
 * Stands over everything while something does not add up, and says what. A check of everything that finds nothing takes it
 * away, and nothing else does. Its words stand still, since what changes in an alert is read out anew.
 */
export function BrokenBanner() {
  const { data: state } = useQuery(reconcileStateQuery);
  if (state === undefined || state.ok) return null;
  return (
    <section aria-label="What does not add up" className="mb-5 rounded-xl border-2 border-hot bg-hot-soft p-4 sm:p-5">
      <div role="alert">
        <h2 className="poster flex items-center gap-3 text-3xl text-hot uppercase">
          <Sign sign="failed" className="size-7" />
          Something does not add up
        </h2>
        <ul className="mt-3 grid gap-2.5">
          {brokenChecks(state).map(({ name, detail, run }) => (
            <li key={name} className="leading-snug">
              <p className="font-bold text-hot first-letter:uppercase">{name}</p>
              <p className="wrap-anywhere">{detail}</p>
              <p className="text-sm text-muted">
                Found by {SCOPE_WORDS[run.scope]} of <When at={run.startedAt} />.
              </p>
            </li>
          ))}
        </ul>
        <p className="mt-3 text-sm leading-snug">
          Nothing is mended by itself. This stays until everything was checked and found to add up.
        </p>
      </div>
      <div className="mt-3">
        <ReconcileButton />
      </div>
    </section>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMayChange } from "../app/session.ts";
import { cn } from "../components/cn.ts";
import { HistoryPanel } from "../features/console/rehearsals/history-panel.tsx";
import { RehearsalPanel } from "../features/console/rehearsals/rehearsal-panel.tsx";
import { rehearsalsQuery } from "../features/console/rehearsals/rehearsal-queries.ts";
import { StartForm } from "../features/console/rehearsals/start-form.tsx";

/** Rehearses sales with a synthetic crowd. The rehearsal that is shown stands in the address, as does the sale to begin with. */
export function ConsoleRehearsalsRoute() {
  const search = useSearch({ from: "/console/rehearsals" });
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const running = useInfiniteQuery(rehearsalsQuery).data?.pages[0]?.items.find(({ endedAt }) => endedAt === null);
  const shown = idOf(search.rehearsal) ?? running?.id;
  const show = (rehearsalId?: number) =>
    void navigate({
      to: "/console/rehearsals",
      search: rehearsalId === undefined ? {} : { rehearsal: String(rehearsalId) },
    });
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12">
      <title>Rehearsals · Console · Doorbuster</title>
      {mayChange && (
        <div className="lg:col-span-5">
          <StartForm saleId={idOf(search.sale)} isBusy={running !== undefined} onBegun={show} />
        </div>
      )}
      <div
        className={cn(
          "grid gap-4",
          mayChange ? "lg:col-span-7" : "lg:col-span-12",
          shown !== undefined && "max-lg:order-first",
        )}
      >
        {shown !== undefined && <RehearsalPanel key={shown} rehearsalId={shown} onDeleted={() => show()} />}
        <HistoryPanel
          renderLink={(rehearsalId, words) => (
            <Link to="/console/rehearsals" search={{ rehearsal: String(rehearsalId) }} className={ROW_LINK}>
              {words}
            </Link>
          )}
        />
      </div>
    </div>
  );
}

/** All of its row may be pressed. */
const ROW_LINK = "underline-offset-4 after:absolute after:inset-0 hover:underline";

/** Whatever else stands in the address is nothing. */
function idOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

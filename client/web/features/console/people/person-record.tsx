import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../../../../shared/audit.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { Found, Panel } from "../panel.tsx";
import { personRecordQuery } from "./people-queries.ts";
import { recordWords } from "./record-words.ts";
import { type RenderPerson, StaffName } from "./staff-name.tsx";

/** What was done to the account and by whom, from the audit log. */
export function PersonRecord({ userId, renderPerson }: PersonRecordProps) {
  const query = useInfiniteQuery(personRecordQuery(userId));
  return (
    <Panel title="What was done to the account">
      <Found query={query} what="the record">
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          if (entries.length === 0) return <p className="text-muted">Nothing yet.</p>;
          return (
            <>
              <ul aria-label="Record" className="border-t-2 border-ink">
                {entries.map((entry) => (
                  <Entry key={entry.id} entry={entry} userId={userId} renderPerson={renderPerson} />
                ))}
              </ul>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}

function Entry({ entry, userId, renderPerson }: PersonRecordProps & { readonly entry: AuditEntry }) {
  const { what, reason, key } = recordWords(entry);
  return (
    <li className="border-b border-line py-2.5">
      <p className="font-semibold">{what}</p>
      {reason !== undefined && <p className="wrap-anywhere">{reason}</p>}
      <p className="text-sm text-muted">
        <When at={entry.occurredAt} /> · {entry.actorId === null && ACTORS[entry.actorKind]}
        {entry.actorId === userId && "by themselves"}
        {entry.actorId !== null && entry.actorId !== userId && (
          <>
            by <StaffName userId={entry.actorId} renderPerson={renderPerson} />
          </>
        )}
        {key !== undefined && `, with the key “${key}”`}
      </p>
    </li>
  );
}

const ACTORS: Record<AuditEntry["actorKind"], string> = {
  person: "by nobody who is known",
  system: "by the system",
  cli: "at the command line",
};

interface PersonRecordProps {
  readonly userId: string;
  /** A way to whoever did it. */
  readonly renderPerson: RenderPerson;
}

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ApiKey } from "../../../../../shared/keys.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange } from "../../../app/session.ts";
import { When } from "../../../components/when.tsx";
import { ActWithReason } from "../act-with-reason.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { keyStatus, SCOPE_WORDS } from "./key-words.ts";
import { keysQuery, rereadKeys } from "./keys-query.ts";

/** All keys of operators' programs, and a way to end each of them. */
export function KeysPanel({ renderPerson }: KeysPanelProps) {
  const query = useQuery(keysQuery);
  const mayChange = useMayChange();
  const [done, setDone] = useState<string>();
  const seenAtMs = query.dataUpdatedAt;
  const columns: Column<ApiKey, string>[] = [
    { name: "name", title: "Program", isHeading: true, cell: ({ name }) => name },
    { name: "status", title: "Status", cell: (key) => <Status apiKey={key} seenAtMs={seenAtMs} /> },
    {
      name: "scopes",
      title: "May",
      isLong: true,
      cell: ({ scopes }) => scopes.map((scope) => SCOPE_WORDS[scope].name).join(", "),
    },
    { name: "owner", title: "Acts for", cell: ({ ownerId, ownerName }) => renderPerson(ownerId, ownerName) },
    { name: "used", title: "Last used", cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} none="Never" /> },
    { name: "ends", title: "Ends", cell: ({ expiresAt }) => <Moment at={expiresAt} none="When revoked" /> },
  ];
  if (mayChange)
    columns.push({
      name: "revoke",
      title: "Change",
      cell: (key) => <Revoke apiKey={key} seenAtMs={seenAtMs} onDone={setDone} />,
    });
  return (
    <Panel title="Keys">
      <p role="status" className="font-medium text-good not-empty:mb-3">
        {done}
      </p>
      <Found query={query} what="the list of keys" skeleton="h-60">
        {({ items }) => (
          <DataTable
            label="Keys"
            rows={items}
            rowKey={({ keyId }) => keyId}
            columns={columns}
            empty="No program has a key yet."
          />
        )}
      </Found>
    </Panel>
  );
}

function Status({ apiKey, seenAtMs }: { apiKey: ApiKey; seenAtMs: number }) {
  const { text, tone, sign } = keyStatus(apiKey, seenAtMs);
  return (
    <Tag tone={tone} sign={sign}>
      {text}
    </Tag>
  );
}

function Moment({ at, none }: { at: string | null; none: string }) {
  return at === null ? none : <When at={at} />;
}

function Revoke({ apiKey, seenAtMs, onDone }: RevokeProps) {
  const { keyId, name, revokedAt } = apiKey;
  return (
    <ActWithReason
      form={`revoke-${keyId}`}
      words="Revoke"
      name={`Revoke ${name}`}
      title="Revoke the key?"
      description={`Whatever “${name}” asks for from now on is refused, at once and for good. Another key can be made for it.`}
      hint="For other operators: it stands in the record, and nobody else reads it."
      isDone={revokedAt !== null}
      doneWords="The key is revoked."
      seenAtMs={seenAtMs}
      reread={rereadKeys}
      onDone={onDone}
      act={async (reason = "") => {
        const { changed } = await doorbuster.keys.revoke({ keyId, reason });
        return changed ? `The key of “${name}” is revoked.` : undefined;
      }}
    />
  );
}

interface RevokeProps {
  readonly apiKey: ApiKey;
  readonly seenAtMs: number;
  /** Told in words. */
  readonly onDone: (words: string) => void;
}

interface KeysPanelProps {
  /** A way to whoever a key acts for. */
  readonly renderPerson: (userId: string, words: string) => ReactNode;
}

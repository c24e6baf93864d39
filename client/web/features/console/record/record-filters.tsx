import { useQuery } from "@tanstack/react-query";
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction } from "../../../../../shared/audit.ts";
import { ORDER_STATUSES } from "../../../../../shared/orders.ts";
import { ATTEMPT_OUTCOMES, type AttemptOutcome, CREDIT_KINDS } from "../../../../../shared/record.ts";
import { isKept } from "../../../../../shared/refusals.ts";
import { ChoiceField } from "../choice-field.tsx";
import { REFUSAL_LABELS } from "../refusal-labels.ts";
import { PersonFilter } from "./person-filter.tsx";
import { type FilterOf, filterOf, type RecordListName, type RecordSearch } from "./record-filter.ts";
import { recordSalesQuery } from "./record-queries.ts";
import { CREDIT_WORDS, ORDER_STATUS_WORDS } from "./record-words.ts";
import { saleNamed } from "./sale-words.ts";
import { TimeField } from "./time-field.tsx";

/** Chooses which rows of a list are shown: by person, sale, item, outcome and time, as far as the list knows them. */
export function RecordFilters({ list, search, onChange }: RecordFiltersProps) {
  const filter = filterOf(list, search);
  const { from, to } = filter;
  const who = list === "changes" ? "actorId" : "userId";
  return (
    <search className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 xl:grid-cols-4">
      <div className="sm:col-span-2">
        <PersonFilter
          label={list === "changes" ? "Done by" : "Person"}
          userId={who in filter ? search[who] : undefined}
          onChoose={(userId) => onChange({ [who]: userId })}
        />
      </div>
      {(list === "attempts" || list === "refunds") && (
        <SaleFilters filter={filterOf(list, search)} onChange={onChange} />
      )}
      <KindFilter list={list} search={search} onChange={onChange} />
      <TimeField label="From" name="from" value={from} onChange={(time) => onChange({ from: time })} />
      <TimeField label="Before" name="to" value={to} onChange={(time) => onChange({ to: time })} />
    </search>
  );
}

function SaleFilters({ filter, onChange }: { filter: Pick<FilterOf<"refunds">, "saleId" | "itemId"> } & Changing) {
  const { data } = useQuery(recordSalesQuery);
  const sales = data?.items ?? [];
  const sale = sales.find(({ id }) => id === filter.saleId);
  const items = sale?.items ?? [];
  const choose = (text: string | undefined) => {
    const chosen = sales.find(({ id }) => String(id) === text);
    const isOver = chosen !== undefined && Date.parse(chosen.endsAt) < Date.now();
    // Nothing is found sooner than by time: hardly anybody tries to buy a day after the end.
    const behind = isOver ? new Date(Date.parse(chosen.endsAt) + DAY_MS).toISOString() : undefined;
    onChange({ saleId: text, itemId: undefined, to: behind });
  };
  return (
    <>
      <ChoiceField
        label="Sale"
        value={filter.saleId === undefined ? undefined : String(filter.saleId)}
        options={options(sales.map(saleNamed), filter.saleId)}
        onChoose={choose}
      />
      {(items.length > 0 || filter.itemId !== undefined) && (
        <ChoiceField
          label="Item"
          value={filter.itemId === undefined ? undefined : String(filter.itemId)}
          options={options(items, filter.itemId)}
          onChoose={(itemId) => onChange({ itemId })}
        />
      )}
    </>
  );
}

/** With what is chosen already, also where it is not among them. */
function options(named: readonly { readonly id: number; readonly name: string }[], chosen: number | undefined) {
  const known = named.map(({ id, name }) => ({ value: String(id), words: name }));
  if (chosen === undefined || named.some(({ id }) => id === chosen)) return known;
  return [{ value: String(chosen), words: `Number ${chosen}` }, ...known];
}

function KindFilter({ list, search, onChange }: RecordFiltersProps) {
  switch (list) {
    case "attempts":
      return (
        <ChoiceField<AttemptOutcome>
          label="Outcome"
          value={filterOf(list, search).outcome}
          options={OUTCOMES}
          onChoose={(outcome) => onChange({ outcome })}
        />
      );
    case "orders":
      return (
        <ChoiceField
          label="Status"
          value={filterOf(list, search).status}
          options={ORDER_STATUSES.map((value) => ({ value, words: ORDER_STATUS_WORDS[value].text }))}
          onChoose={(status) => onChange({ status })}
        />
      );
    case "credits":
      return (
        <ChoiceField
          label="Kind"
          value={filterOf(list, search).kind}
          options={CREDIT_KINDS.map((value) => ({ value, words: CREDIT_WORDS[value] }))}
          onChoose={(kind) => onChange({ kind })}
        />
      );
    case "changes": {
      const { action, outcome } = filterOf(list, search);
      return (
        <>
          <ChoiceField
            label="What"
            value={ACTIONS.find((value) => value === action)}
            options={ACTIONS.map((value) => ({ value, words: value }))}
            onChoose={(chosen) => onChange({ action: chosen })}
          />
          <ChoiceField
            label="Outcome"
            value={outcome}
            options={AUDIT_OUTCOMES.map((value) => ({ value, words: value === "success" ? "Done" : "Failed" }))}
            onChoose={(chosen) => onChange({ outcome: chosen })}
          />
        </>
      );
    }
    case "refunds":
      return null;
  }
}

const OUTCOMES = ATTEMPT_OUTCOMES.filter((code) => code === "bought" || code === "refused" || isKept(code)).map(
  (value) => ({
    value,
    words: value === "bought" ? "Bought" : value === "refused" ? "Refused, for whatever reason" : REFUSAL_LABELS[value],
  }),
);

const ACTIONS = Object.keys(AUDIT_ACTIONS) as AuditAction[];

const DAY_MS = 24 * 3_600_000;

interface Changing {
  /** Changes a part of what stands in the address. */
  readonly onChange: (changes: RecordSearch) => void;
}

interface RecordFiltersProps extends Changing {
  readonly list: RecordListName;
  readonly search: RecordSearch;
}

import { useQuery } from "@tanstack/react-query";
import { TextField } from "../../../components/text-field.tsx";
import { ChoiceField } from "../choice-field.tsx";
import type { RecordSearch } from "./record-filter.ts";
import { recordSalesQuery } from "./record-queries.ts";
import { saleWords } from "./sale-words.ts";
import type { AskedSummary } from "./summary-filter.ts";

/** Chooses the days, the time zone that they are days of, and the sale. */
export function SummaryFilters({ filter, onChange }: SummaryFiltersProps) {
  const { data } = useQuery(recordSalesQuery);
  const { first, last, zone, saleId } = filter;
  return (
    <search className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 xl:grid-cols-4">
      <DayField label="First day" name="first" value={first} onChange={(day) => onChange({ first: day })} />
      <DayField label="Last day" name="last" value={last} onChange={(day) => onChange({ last: day })} />
      <ChoiceField
        label="Days of"
        value={zone}
        options={[...new Set([zone, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((value) => ({
          value,
          words: value,
        }))}
        all={null}
        onChoose={(chosen) => onChange({ zone: chosen })}
      />
      <ChoiceField
        label="Sale"
        value={saleId === undefined ? undefined : String(saleId)}
        options={(data?.items ?? []).map((sale) => ({ value: String(sale.id), words: saleWords(sale) }))}
        all="All sales and the catalogue"
        onChoose={(chosen) => onChange({ saleId: chosen })}
      />
    </search>
  );
}

/** It is taken over when the field is left, not while half of it is typed. */
function DayField({ label, name, value, onChange }: DayFieldProps) {
  const take = (day: string) => {
    if (day !== "" && day !== value) onChange(day);
  };
  return (
    <TextField
      key={value}
      label={label}
      name={name}
      type="date"
      error={undefined}
      defaultValue={value}
      onBlur={(event) => take(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") take(event.currentTarget.value);
      }}
    />
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}

interface SummaryFiltersProps {
  readonly filter: AskedSummary;
  /** Changes a part of what stands in the address. */
  readonly onChange: (changes: RecordSearch) => void;
}

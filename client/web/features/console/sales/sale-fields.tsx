import { type ReactNode, useId } from "react";
import type { SaleDetails, SaleStatus } from "../../../../../shared/sales.ts";
import { TextField } from "../../../components/text-field.tsx";
import { NumberField } from "../number-field.tsx";
import { AddItem } from "./add-item.tsx";
import { ItemFields } from "./item-fields.tsx";
import { ItemList } from "./item-list.tsx";
import { mayChange, ONE_WAY } from "./may-change.ts";
import type { FieldErrors } from "./read-sale-form.ts";
import type { SaleForm } from "./sale-form.ts";
import { TimeField } from "./time-field.tsx";

/** All fields of a sale, a section each. */
export function SaleFields({ form, sale, status, opensNow, timeZone, errors, isDisabled, onChange }: SaleFieldsProps) {
  const rules = mayChange(status);
  const isOpen = status === "live" || status === "paused";
  const detailsOf = new Map(sale?.items.map((item) => [item.id, item]));
  const lineUp = isDisabled ? "" : rules.lineUp;
  return (
    <div className="grid gap-7">
      <Section title="Name">
        <TextField
          label="Name of the sale"
          name="name"
          autoComplete="off"
          value={form.name}
          error={errors.name}
          disabled={isDisabled}
          onChange={({ target }) => onChange({ ...form, name: target.value })}
        />
      </Section>
      <Section title="Time">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TimeField
            label="Start"
            name="startsAt"
            value={form.startsAt}
            timeZone={timeZone}
            error={errors.startsAt}
            why={rules.start ?? (isDisabled ? "" : undefined)}
            hint={opensNow ? "That has passed: it sells as soon as you press" : undefined}
            onChange={(startsAt) => onChange({ ...form, startsAt })}
          />
          <TimeField
            label="End"
            name="endsAt"
            value={form.endsAt}
            timeZone={timeZone}
            error={errors.endsAt}
            why={rules.end ?? (isDisabled ? "" : undefined)}
            hint={isOpen ? ONE_WAY.end : undefined}
            onChange={(endsAt) => onChange({ ...form, endsAt })}
          />
        </div>
      </Section>
      <Section title="Who may buy">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <NumberField
            label="Limit per customer over all items"
            name="limit"
            value={form.limit}
            error={errors.limit}
            hint={
              rules.limits ?? (isOpen ? ONE_WAY.limits : "Empty means no limit. Each item may have its own as well.")
            }
            disabled={isDisabled || rules.limits !== undefined}
            onChange={({ target }) => onChange({ ...form, limit: target.value })}
          />
          <NeedsCode
            isChecked={form.needsAccessCode}
            hint={rules.limits ?? (isOpen ? ONE_WAY.codes : "Its codes are added below, once it is planned.")}
            isDisabled={isDisabled || rules.limits !== undefined || isOpen}
            onChange={(needsAccessCode) => onChange({ ...form, needsAccessCode })}
          />
        </div>
      </Section>
      <Section title="Items">
        <ItemList
          items={form.items}
          isFixed={isDisabled}
          mayRemove={lineUp === undefined}
          onOrder={(items) => onChange({ ...form, items })}
          onRemove={({ key }) => onChange({ ...form, items: form.items.filter((item) => item.key !== key) })}
        >
          {(item) => (
            <ItemFields
              item={item}
              details={item.itemId === undefined ? undefined : detailsOf.get(item.itemId)}
              rules={rules}
              isOneWay={isOpen}
              isDisabled={isDisabled}
              errors={errors}
              onChange={(changed) =>
                onChange({ ...form, items: form.items.map((each) => (each.key === item.key ? changed : each)) })
              }
            />
          )}
        </ItemList>
        {lineUp === undefined ? (
          <AddItem error={errors.items} onAdd={(item) => onChange({ ...form, items: [...form.items, item] })} />
        ) : (
          <p className="mt-4 text-sm text-muted empty:hidden">{lineUp}</p>
        )}
      </Section>
    </div>
  );
}

function NeedsCode({ isChecked, hint, isDisabled, onChange }: NeedsCodeProps) {
  const hintId = useId();
  return (
    <div>
      <label className="flex min-h-11 items-center gap-3 font-semibold sm:mt-6">
        <input
          type="checkbox"
          checked={isChecked}
          disabled={isDisabled}
          aria-describedby={hintId}
          className="size-5 shrink-0 accent-action"
          onChange={({ target }) => onChange(target.checked)}
        />
        Only holders of an access code
      </label>
      <p id={hintId} className="text-sm text-muted">
        {hint}
      </p>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-3 border-b-2 border-ink pb-1 text-lg font-bold narrow">{title}</h2>
      {children}
    </section>
  );
}

interface NeedsCodeProps {
  readonly isChecked: boolean;
  readonly hint: string;
  readonly isDisabled: boolean;
  readonly onChange: (needsAccessCode: boolean) => void;
}

interface SaleFieldsProps {
  readonly form: SaleForm;
  /** Undefined for one that is to be planned. */
  readonly sale: SaleDetails | undefined;
  readonly status: SaleStatus;
  /** It would sell as soon as it is sent. */
  readonly opensNow: boolean;
  readonly timeZone: string;
  readonly errors: FieldErrors;
  readonly isDisabled: boolean;
  readonly onChange: (form: SaleForm) => void;
}

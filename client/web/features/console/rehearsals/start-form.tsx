import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ARRIVAL_CURVES, type RehearseInput } from "../../../../../shared/rehearsals.ts";
import type { SaleOverview } from "../../../../../shared/sales.ts";
import type { DoorbusterError } from "../../../../sdk/index.ts";
import { doorbuster } from "../../../app/clients.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { NumberField } from "../number-field.tsx";
import { Found, Panel } from "../panel.tsx";
import { countWords } from "../time-words.ts";
import { useDraft } from "../use-draft.ts";
import { buyersFor, FIELD_NAMES, type RehearsalFields, readRehearsalForm } from "./rehearsal-form.ts";
import { REHEARSALS_KEY, rehearsableQuery } from "./rehearsal-queries.ts";
import { ARRIVAL_WORDS } from "./rehearsal-words.ts";

/** Begins a rehearsal: which sale, and what a crowd. */
export function StartForm({ saleId, isBusy, onBegun }: StartProps) {
  const query = useQuery(rehearsableQuery);
  return (
    <Panel title="Rehearse a sale">
      <Found query={query} what="the list of sales" skeleton="h-96">
        {({ items }) => {
          const sales = items.filter(({ offered }) => offered > 0);
          return sales.length === 0 ? (
            <p className="text-muted">There is no sale with units yet. Plan one, then rehearse it here.</p>
          ) : (
            <CrowdForm sales={sales} chosen={saleId} isBusy={isBusy} onBegun={onBegun} />
          );
        }}
      </Found>
    </Panel>
  );
}

interface StartProps {
  /** The sale that is chosen at first. */
  readonly saleId: number | undefined;
  /** Another one runs. */
  readonly isBusy: boolean;
  readonly onBegun: (rehearsalId: number) => void;
}

function CrowdForm({ sales, chosen, isBusy, onBegun }: CrowdFormProps) {
  const draft = useDraft(FORM);
  const [typed] = useState(draft.read);
  const [saleId, setSaleId] = useState(String(chosen ?? typed?.saleId ?? sales[0]?.id ?? ""));
  const [arrival, setArrival] = useState(typed?.arrival ?? "rush");
  const [errors, setErrors] = useState<Partial<Record<keyof RehearsalFields, string>>>({});
  const begin = useBegin((rehearsalId) => {
    draft.drop();
    onBegun(rehearsalId);
  });
  const sale = sales.find(({ id }) => String(id) === saleId);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (begin.isPending || isBusy) return;
    const form = event.currentTarget;
    const read = readRehearsalForm(fieldsOf(form, { saleId, arrival }));
    setErrors(read.ok ? {} : read.errors);
    if (read.ok) begin.mutate(read.input);
    else [...form.elements].find((field) => isNamed(field, Object.keys(read.errors)))?.focus();
  };
  const number = (name: keyof RehearsalFields) => ({
    name,
    error: errors[name],
    defaultValue: typed?.[name] ?? DEFAULTS[name],
  });
  return (
    <form
      noValidate
      aria-label="Rehearse a sale"
      onSubmit={onSubmit}
      onChange={({ currentTarget }) => draft.keep(fieldsOf(currentTarget, { saleId, arrival }))}
      className="flex flex-col gap-4"
    >
      <ChoiceField
        label="Sale"
        value={saleId}
        options={sales.map(({ id, name, offered }) => ({
          value: String(id),
          words: `${name} (${countWords(offered)} units)`,
        }))}
        all={null}
        onChoose={(value) => setSaleId(value ?? saleId)}
      />
      <div className="grid grid-cols-2 items-start gap-3">
        <NumberField
          key={saleId}
          label="Buyers"
          {...number("buyers")}
          defaultValue={typed?.saleId === saleId ? typed.buyers : String(buyersFor(sale?.offered ?? 0))}
          hint={sale && `Twice its units: ${countWords(sale.offered * 2)}.`}
        />
        <NumberField label="Within, seconds" {...number("seconds")} hint="Until all of them have come." />
      </div>
      <ChoiceField
        label="How they come"
        value={arrival}
        options={ARRIVAL_CURVES.map((value) => ({ value, words: ARRIVAL_WORDS[value] }))}
        all={null}
        onChoose={(value) => setArrival(value ?? arrival)}
      />
      <div className="grid grid-cols-2 items-start gap-3">
        <NumberField label="Units each" {...number("unitsEach")} hint="In one click." />
        <NumberField label="Tries again" {...number("retries")} hint="Further clicks after a refusal." />
        <NumberField
          label="Double clicks, %"
          {...number("doubleClickPercent")}
          hint="Sent twice at once, to be bought once."
        />
        <NumberField
          label="Lost answers, %"
          {...number("lostAnswerPercent")}
          hint="The connection breaks; they ask again."
        />
        <NumberField label="Bots" {...number("bots")} hint="Programs that click without pause." />
      </div>
      <Box name="measureCapacity" isChecked={(typed?.measureCapacity ?? "on") === "on"}>
        Measure what this machine can carry: some ten seconds at full load
      </Box>
      <Box name="besideRealSales" isChecked={typed?.besideRealSales === "on"}>
        Rehearse even while a real sale runs or is about to begin, and slow it down
      </Box>
      <Button type="submit" busy={begin.isPending} disabled={isBusy}>
        Rehearse
      </Button>
      {isBusy && <p className="text-sm text-muted">One at a time: another rehearsal is under way.</p>}
      {begin.error && !begin.isPending && (
        <ActionFailure
          error={begin.error}
          isLooking={false}
          title="The rehearsal did not begin"
          look="If it began, it stands in the list."
        />
      )}
      <Notice tone="plain">
        It takes place in a store of its own: no real stock, wallet or figure changes. It ends by itself.
      </Notice>
    </form>
  );
}

interface CrowdFormProps {
  readonly sales: readonly SaleOverview[];
  readonly chosen: number | undefined;
  readonly isBusy: boolean;
  readonly onBegun: (rehearsalId: number) => void;
}

function Box({ name, isChecked, children }: { name: string; isChecked: boolean; children: string }) {
  return (
    <label className="flex min-h-11 items-center gap-3 leading-snug">
      <input type="checkbox" name={name} defaultChecked={isChecked} className="size-5 shrink-0 accent-action" />
      {children}
    </label>
  );
}

function useBegin(onBegun: (rehearsalId: number) => void) {
  const queryClient = useQueryClient();
  return useMutation<{ rehearsalId: number }, DoorbusterError, RehearseInput>({
    mutationFn: (input) => doorbuster.operations.rehearse(input),
    onSuccess: ({ rehearsalId }) => onBegun(rehearsalId),
    // It may have begun all the same, and is then in the list.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: REHEARSALS_KEY }),
  });
}

/** What its draft is called. */
const FORM = "rehearsal";

const DEFAULTS: Partial<Record<keyof RehearsalFields, string>> = {
  seconds: "30",
  unitsEach: "1",
  retries: "1",
  doubleClickPercent: "5",
  lostAnswerPercent: "2",
  bots: "0",
};

function fieldsOf(form: HTMLFormElement, chosen: Pick<RehearsalFields, "saleId" | "arrival">): RehearsalFields {
  const data = new FormData(form);
  const typed = Object.fromEntries(FIELD_NAMES.map((name) => [name, String(data.get(name) ?? "")]));
  return { ...typed, ...chosen } as RehearsalFields; // It has each of the names.
}

function isNamed(field: Element, names: readonly string[]): field is HTMLInputElement {
  return field instanceof HTMLInputElement && names.includes(field.name);
}

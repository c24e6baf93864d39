import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { reasonSchema } from "../../../../../shared/primitives.ts";
import { RECEIVED_UNITS_MAX, type Receipt } from "../../../../../shared/products.ts";
import { parseWhole } from "../../../app/amount.ts";
import { doorbuster } from "../../../app/clients.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { NumberField } from "../number-field.tsx";
import { textRule } from "../text-rule.ts";
import { useDraft } from "../use-draft.ts";
import { COUNT } from "./products-panel.tsx";
import { rereadProducts, warehousesQuery } from "./products-queries.ts";

/**
 * Takes goods in. What is typed has a key of its own, so that goods whose answer was lost are sent again and counted once,
 * also after a reload.
 */
export function ReceiveForm({ productId, onDone }: { productId: number; onDone: (words: string) => void }) {
  const draft = useDraft(`receive-${productId}`);
  const [fields, setFields] = useState<Fields>(() => ({ ...emptyFields(), ...draft.read() }));
  const [errors, setErrors] = useState<{ units?: string; reason?: string }>({});
  const warehouses = useInfiniteQuery(warehousesQuery).data?.pages.flatMap(({ items }) => items) ?? [];
  const warehouse = warehouses.find(({ id }) => String(id) === fields.warehouseId) ?? warehouses[0];
  const receiving = useMutation<Receipt, Error, Parameters<typeof doorbuster.products.receive>[0]>({
    mutationFn: (input) => doorbuster.products.receive(input),
    onSuccess: async ({ units, unitsAfter }) => {
      draft.drop();
      setFields(emptyFields());
      await rereadProducts();
      onDone(
        `${COUNT.format(units)} units came in: ${warehouse?.name ?? "the warehouse"} has ${COUNT.format(unitsAfter)}.`,
      );
    },
  });
  const type = (name: keyof Fields, value: string) => {
    // Another input is another delivery.
    const next = { ...fields, [name]: value, key: crypto.randomUUID() };
    draft.keep(next);
    setFields(next);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (receiving.isPending || !warehouse) return;
    const units = parseWhole(fields.units, { min: 1, max: RECEIVED_UNITS_MAX });
    const isReasonRight = fields.reason.trim() === "" || reasonSchema.safeParse(fields.reason).success;
    setErrors({
      ...(units === undefined && { units: `A whole number from 1 to ${COUNT.format(RECEIVED_UNITS_MAX)}.` }),
      ...(!isReasonRight && { reason: textRule("This", fields.reason, 500) }),
    });
    if (units === undefined || !isReasonRight) {
      (event.currentTarget.elements.namedItem(units === undefined ? "units" : "reason") as HTMLElement | null)?.focus();
      return;
    }
    const reason = fields.reason.trim();
    receiving.mutate({
      ...{ productId, warehouseId: warehouse.id, units, idempotencyKey: fields.key },
      ...(reason !== "" && { reason }),
    });
  };
  return (
    <form aria-label="Receive goods" noValidate onSubmit={submit} className="grid gap-3 rounded-md bg-sunken p-4">
      <h3 className="text-lg font-bold narrow">Receive goods</h3>
      <div className="grid gap-3 sm:grid-cols-2">
        <ChoiceField
          label="Warehouse"
          all={null}
          value={String(warehouse?.id ?? "")}
          options={warehouses.map(({ id, name }) => ({ value: String(id), words: name }))}
          onChoose={(value) => value !== undefined && type("warehouseId", value)}
        />
        <NumberField
          label="Units"
          name="units"
          value={fields.units}
          error={errors.units}
          onChange={({ target }) => type("units", target.value)}
        />
      </div>
      <TextField
        label="Delivery, if you like"
        name="reason"
        autoComplete="off"
        value={fields.reason}
        hint="What to find it by: it stands in the history."
        error={errors.reason}
        onChange={({ target }) => type("reason", target.value)}
      />
      {receiving.error && !receiving.isPending && (
        <ActionFailure error={receiving.error} isLooking={false} title="It is not counted in" />
      )}
      <div>
        <Button type="submit" busy={receiving.isPending} disabled={!warehouse}>
          Receive
        </Button>
      </div>
    </form>
  );
}

function emptyFields(): Fields {
  return { warehouseId: "", units: "", reason: "", key: crypto.randomUUID() };
}

type Fields = Readonly<Record<"warehouseId" | "units" | "reason" | "key", string>>;

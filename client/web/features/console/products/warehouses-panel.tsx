import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { nameSchema } from "../../../../../shared/primitives.ts";
import type { Warehouse } from "../../../../../shared/warehouses.ts";
import { DoorbusterError } from "../../../../sdk/errors.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { LoadMore } from "../../../components/load-more.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { Found, Panel } from "../panel.tsx";
import { textRule } from "../text-rule.ts";
import { useDraft } from "../use-draft.ts";
import { COUNT } from "./products-panel.tsx";
import { rereadProducts, warehousesQuery } from "./products-queries.ts";

/** Where goods lie, and how much of them. */
export function WarehousesPanel() {
  const query = useInfiniteQuery(warehousesQuery);
  const mayChange = useMayChange();
  const [renamedId, setRenamedId] = useState<number>();
  return (
    <Panel title="Warehouses">
      <Found query={query} what="the list of warehouses">
        {({ pages }) => (
          <>
            <ul aria-label="Warehouses" className="border-t-2 border-ink">
              {pages
                .flatMap(({ items }) => items)
                .map((warehouse) => (
                  <li key={warehouse.id} className="border-b border-line py-2.5">
                    {renamedId === warehouse.id ? (
                      <NameForm warehouse={warehouse} onEnd={() => setRenamedId(undefined)} />
                    ) : (
                      <div className="flex flex-wrap items-center justify-between gap-x-4">
                        <p className="min-w-0 grow basis-40">
                          <span className="font-semibold wrap-anywhere">{warehouse.name}</span>
                          <span className="block text-sm text-muted">
                            {COUNT.format(warehouse.units)} units of {COUNT.format(warehouse.products)}{" "}
                            {warehouse.products === 1 ? "product" : "products"}
                          </span>
                        </p>
                        {mayChange && (
                          <Button
                            look="quiet"
                            aria-label={`Rename ${warehouse.name}`}
                            onClick={() => setRenamedId(warehouse.id)}
                          >
                            Rename
                          </Button>
                        )}
                      </div>
                    )}
                  </li>
                ))}
            </ul>
            <LoadMore query={query} />
          </>
        )}
      </Found>
      {mayChange && (
        <div className="mt-4">
          <NameForm />
        </div>
      )}
    </Panel>
  );
}

/** Gives a warehouse another name, or makes one by its name. */
function NameForm({ warehouse, onEnd }: { warehouse?: Warehouse; onEnd?: () => void }) {
  const draft = useDraft(`warehouse-${warehouse?.id ?? "new"}`);
  const [name, setName] = useState(() => draft.read()?.name ?? warehouse?.name ?? "");
  const [seenEdits, setSeenEdits] = useState(warehouse?.edits);
  const [error, setError] = useState<string>();
  const saving = useMutation<Warehouse, Error, { name: string; edits: number | undefined }>({
    mutationFn: ({ name: wanted, edits }) =>
      warehouse
        ? doorbuster.warehouses.rename({
            warehouseId: warehouse.id,
            name: wanted,
            ...(edits !== undefined && { edits }),
          })
        : doorbuster.warehouses.create({ name: wanted }),
    onSuccess: async () => {
      draft.drop();
      setName("");
      await rereadProducts();
      onEnd?.();
    },
    onError: (failure) => {
      setError(failure instanceof DoorbusterError ? failure.issues?.[0]?.message : undefined);
      void rereadProducts();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = nameSchema.safeParse(name);
    setError(
      read.success ? undefined : name.trim() === "" ? "A warehouse needs a name." : textRule("A name", name, 120),
    );
    if (!read.success || saving.isPending) return;
    // Whoever was told who changed it meanwhile, and saves again, has seen that.
    const wasTold = saving.error instanceof DoorbusterError && saving.error.code === "CHANGED_MEANWHILE";
    const edits = wasTold ? warehouse?.edits : seenEdits;
    setSeenEdits(edits);
    saving.mutate({ name: read.data, edits });
  };
  return (
    <form
      noValidate
      aria-label={warehouse ? `Rename ${warehouse.name}` : "New warehouse"}
      onSubmit={submit}
      className="grid gap-2"
    >
      <TextField
        label={warehouse ? "Its name" : "New warehouse"}
        name="name"
        autoComplete="off"
        value={name}
        error={error}
        onChange={({ target }) => {
          draft.keep({ name: target.value });
          setName(target.value);
        }}
      />
      {saving.error && !error && !saving.isPending && (
        <ActionFailure
          error={saving.error}
          isLooking={false}
          title="Not saved"
          look={warehouse ? undefined : "If it was made, it stands in the list."}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="plain" busy={saving.isPending}>
          {warehouse ? "Save" : "Add warehouse"}
        </Button>
        {onEnd && (
          <Button
            look="quiet"
            onClick={() => {
              draft.drop();
              onEnd();
            }}
          >
            Leave it as it is
          </Button>
        )}
      </div>
    </form>
  );
}

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { CODES_AT_ONCE_MAX } from "../../../../../shared/access-codes.ts";
import { doorbusterAs } from "../../../app/clients.ts";
import { useSessionUser } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { NumberField } from "../number-field.tsx";
import { addedWords, type CodesTyped, readCodes, type SentCodes } from "./read-codes.ts";
import { rereadSales } from "./sales-queries.ts";

/** Adds codes of one's own, or random ones. Sent again, the same ones are added once. */
export function AddCodes({ saleId }: { saleId: number }) {
  const { sales } = doorbusterAs(useSessionUser()?.id ?? "");
  const [errors, setErrors] = useState<Partial<CodesTyped>>({});
  const adding = useMutation<string, Error, SentCodes & { form: HTMLFormElement }>({
    mutationFn: async ({ input, isRandom }) => addedWords(await sales.addCodes(input), isRandom),
    onSuccess: (_, { form }) => form.reset(),
    onSettled: rereadSales,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (adding.isPending) return;
    const form = event.currentTarget;
    const typed = Object.fromEntries(new FormData(form)) as CodesTyped; // It has each of the names.
    const read = readCodes(saleId, typed, adding.isError ? adding.variables : undefined);
    setErrors(read.errors);
    if (read.sent) return adding.mutate({ ...read.sent, form });
    (form.elements.namedItem(Object.keys(read.errors)[0] ?? "") as HTMLElement | null)?.focus();
  };
  return (
    <form aria-label="Add codes" onSubmit={submit} noValidate className="mt-4 grid items-start gap-4 sm:grid-cols-3">
      <TextField
        label="Your own codes"
        name="codes"
        autoComplete="off"
        hint="Separated by commas. Case, spaces and hyphens make no difference."
        error={errors.codes}
      />
      <NumberField
        label="Or random ones"
        name="random"
        hint={`How many, up to ${CODES_AT_ONCE_MAX}.`}
        error={errors.random}
      />
      <NumberField
        label="Buyers per code"
        name="usesMax"
        defaultValue="1"
        hint="Empty means any number."
        error={errors.usesMax}
      />
      <Button type="submit" busy={adding.isPending} className="justify-self-start sm:col-span-3">
        Add codes
      </Button>
      {adding.error && !adding.isPending && (
        <ActionFailure error={adding.error} isLooking={false} className="sm:col-span-3" />
      )}
      <p role="status" className="text-sm text-muted empty:hidden sm:col-span-3">
        {adding.data}
      </p>
    </form>
  );
}

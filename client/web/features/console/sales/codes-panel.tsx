import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type AccessCode, type AddCodesResult, addCodesInputSchema } from "../../../../../shared/access-codes.ts";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { doorbusterAs } from "../../../app/clients.ts";
import { useMayChange, useSessionUser } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { NumberField } from "../number-field.tsx";
import { Panel } from "../panel.tsx";
import { codesQuery, rereadSales } from "./sales-queries.ts";
import { saveCodes } from "./save-codes.ts";

/** Whether a sale is for holders of a code, which its plan says; its codes with how many each has let in, and more of them. */
export function CodesPanel({ sale }: { sale: SaleDetails }) {
  const codes = useInfiniteQuery(codesQuery(sale.id));
  const shown = codes.data?.pages.flatMap(({ items }) => items) ?? [];
  const mayChange = useMayChange();
  const { sales } = doorbusterAs(useSessionUser()?.id ?? "");
  const acting = useMutation<unknown, Error, () => Promise<unknown>>({
    mutationFn: (act) => act(),
    onSettled: rereadSales,
  });
  const isOpen = sale.status !== "ended" && sale.status !== "cancelled";
  const mayNeed = isOpen && (sale.needsAccessCode || sale.status === "scheduled");
  return (
    <Panel title="Access codes">
      <p>
        {sale.needsAccessCode
          ? "Only those who have entered a code of this sale can buy."
          : "Everybody can buy: no code is needed."}{" "}
        {mayNeed && "The plan above can change that."}
      </p>
      {sale.needsAccessCode && codes.isSuccess && shown.length === 0 && (
        <Notice tone="bad" title="Nobody can buy" className="mt-3">
          This sale has no codes yet: add some.
        </Notice>
      )}
      {acting.error && (
        <Notice tone="bad" title="That was not done" className="mt-3">
          {acting.error.message}
        </Notice>
      )}
      {mayChange && mayNeed && <AddCodes saleId={sale.id} />}
      {shown.length > 0 && (
        <ul aria-label="Codes" className="mt-4 divide-y divide-line border-y border-line">
          {shown.map((code) => (
            <li key={code.codeId} className="flex flex-wrap items-center justify-between gap-x-4 py-2">
              <code className="font-semibold wrap-anywhere">{code.code}</code>
              <span className="figures grow text-sm text-muted">{usesWords(code)}</span>
              {mayChange && code.removedAt === null && (
                <Button
                  look="quiet"
                  aria-label={`Remove the code ${code.code}`}
                  disabled={acting.isPending}
                  onClick={() => acting.mutate(() => sales.removeCode({ codeId: code.codeId }))}
                >
                  Remove
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
        {codes.hasNextPage && (
          <Button look="plain" busy={codes.isFetchingNextPage} onClick={() => void codes.fetchNextPage()}>
            Show more
          </Button>
        )}
        {shown.length > 0 && (
          <Button look="plain" onClick={() => acting.mutate(() => saveCodes(sale.id))}>
            Save all as CSV
          </Button>
        )}
      </div>
    </Panel>
  );
}

function usesWords({ uses, usesMax, removedAt }: AccessCode): string {
  const words = usesMax === null ? `${uses} let in` : `${uses} of ${usesMax} let in`;
  return removedAt === null ? words : `${words}, removed`;
}

function AddCodes({ saleId }: { saleId: number }) {
  const { sales } = doorbusterAs(useSessionUser()?.id ?? "");
  const [error, setError] = useState<string>();
  const adding = useMutation<AddCodesResult, Error, HTMLFormElement>({
    mutationFn: async (form) => {
      const typed = Object.fromEntries(new FormData(form)) as Record<string, string>;
      const codes = (typed.codes ?? "").split(/[,;\n]/).filter((code) => code.trim() !== "");
      const read = addCodesInputSchema.safeParse({
        saleId,
        ...(codes.length > 0 && { codes }),
        ...(typed.random && { random: Number(typed.random) }),
        usesMax: typed.usesMax ? Number(typed.usesMax) : null,
      });
      if (!read.success) throw new Error(read.error.issues[0]?.message ?? "That cannot be read.");
      return sales.addCodes(read.data);
    },
    onSuccess: (_, form) => form.reset(),
    onError: ({ message }) => setError(message),
    onSettled: rereadSales,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(undefined);
    if (!adding.isPending) adding.mutate(event.currentTarget);
  };
  return (
    <form aria-label="Add codes" onSubmit={submit} noValidate className="mt-4 grid items-start gap-4 sm:grid-cols-3">
      <TextField
        label="Your own codes"
        name="codes"
        autoComplete="off"
        hint="Separated by commas. Case, spaces and hyphens make no difference."
        error={error}
      />
      <NumberField label="Or random ones" name="random" hint="How many, up to 500." error={undefined} />
      <NumberField
        label="Buyers per code"
        name="usesMax"
        defaultValue="1"
        hint="Empty means any number."
        error={undefined}
      />
      <Button type="submit" busy={adding.isPending} className="justify-self-start sm:col-span-3">
        Add codes
      </Button>
      <p role="status" className="text-sm text-muted empty:hidden sm:col-span-3">
        {adding.data && addedWords(adding.data)}
      </p>
    </form>
  );
}

function addedWords({ added, known }: AddCodesResult): string {
  const words = added.length === 1 ? "One code was added." : `${added.length} codes were added.`;
  return known.length === 0 ? words : `${words} ${known.length} were there already.`;
}

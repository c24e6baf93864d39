import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { AccessCode } from "../../../../../shared/access-codes.ts";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { doorbusterAs } from "../../../app/clients.ts";
import { useMayChange, useSessionUser } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ActWithReason } from "../act-with-reason.tsx";
import { Panel } from "../panel.tsx";
import { countWords } from "../time-words.ts";
import { AddCodes } from "./add-codes.tsx";
import { removeWords } from "./read-codes.ts";
import { codesQuery, rereadSales } from "./sales-queries.ts";
import { saveCodes } from "./save-codes.ts";
import { totalsOf, unitWords } from "./totals.ts";

/** Whether a sale is for holders of a code, which its plan says; its codes with how many each has let in, and more of them. */
export function CodesPanel({ sale, seenAtMs }: { sale: SaleDetails; seenAtMs: number }) {
  const codes = useInfiniteQuery(codesQuery(sale.id));
  const shown = codes.data?.pages.flatMap(({ items }) => items) ?? [];
  const mayChange = useMayChange();
  const [done, setDone] = useState<string>();
  const saving = useMutation({ mutationFn: () => saveCodes(sale.id) });
  const hasBegun = sale.status === "live" || sale.status === "paused";
  const isOpen = sale.status !== "ended" && sale.status !== "cancelled";
  const mayNeed = isOpen && (sale.needsAccessCode || sale.status === "scheduled");
  return (
    <Panel title="Access codes">
      <p>
        {sale.needsAccessCode
          ? "Only those who have entered a code of this sale can buy."
          : "Everybody can buy: no code is needed."}{" "}
        {mayNeed && !hasBegun && "The plan above can change that."}
      </p>
      <p role="status" className="mt-2 font-medium text-good empty:hidden">
        {done}
      </p>
      {mayChange && hasBegun && <OpenToAll sale={sale} seenAtMs={seenAtMs} onDone={setDone} />}
      {sale.needsAccessCode && codes.isSuccess && shown.length === 0 && (
        <Notice tone="bad" title="Nobody can buy" className="mt-3">
          This sale has no codes yet: add some.
        </Notice>
      )}
      {saving.error && (
        <Notice tone="bad" title="The file was not made" className="mt-3">
          {saving.error.message}
        </Notice>
      )}
      {mayChange && mayNeed && <AddCodes saleId={sale.id} />}
      {shown.length > 0 && (
        <ul aria-label="Codes" className="mt-4 divide-y divide-line border-y border-line">
          {shown.map((code) => (
            <li key={code.codeId} className="flex flex-wrap items-center justify-between gap-x-4 py-2">
              <code className="font-semibold wrap-anywhere">{code.code}</code>
              <span className="figures grow text-sm text-muted">{usesWords(code)}</span>
              {mayChange && <Remove code={code} seenAtMs={codes.dataUpdatedAt} onDone={setDone} />}
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
          <Button look="plain" busy={saving.isPending} onClick={() => saving.mutate()}>
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

function Remove({ code: { codeId, code, uses, usesMax, removedAt }, seenAtMs, onDone }: RemoveProps) {
  const { sales } = doorbusterAs(useSessionUser()?.id ?? "");
  return (
    <ActWithReason
      form={`remove-code-${codeId}`}
      words="Remove"
      name={`Remove the code ${code}`}
      title="Remove the code?"
      description={removeWords(code, uses, usesMax)}
      hint="For other operators: it stands in the record."
      isReasonOptional
      isDone={removedAt !== null}
      doneWords="The code is removed."
      seenAtMs={seenAtMs}
      reread={rereadSales}
      onDone={onDone}
      act={async (reason) => {
        await sales.removeCode({ codeId, ...(reason !== undefined && { reason }) });
        return `The code ${code} is removed.`;
      }}
    />
  );
}

/** The plan of a sale that has begun cannot be taken back, so that this is asked for by itself. */
function OpenToAll({ sale, seenAtMs, onDone }: OpenProps) {
  const { sales } = doorbusterAs(useSessionUser()?.id ?? "");
  const { remaining } = totalsOf(sale);
  return (
    <ActWithReason
      form={`open-${sale.id}`}
      words="Open it to everybody"
      title="Open the sale to everybody?"
      description={`Whoever comes can buy the ${unitWords(remaining)} that are left, without a code. ${countWords(sale.viewers)} are watching now. It cannot be undone.`}
      hint="For other operators: it stands in the record."
      isReasonOptional
      isDone={!sale.needsAccessCode}
      doneWords="Everybody can buy."
      seenAtMs={seenAtMs}
      reread={rereadSales}
      onDone={onDone}
      act={async (reason) => {
        const { id: saleId, edits } = sale;
        await sales.update({ saleId, edits, needsAccessCode: false, ...(reason !== undefined && { reason }) });
        return "The sale is open to everybody.";
      }}
    />
  );
}

interface RemoveProps extends Pick<OpenProps, "seenAtMs" | "onDone"> {
  readonly code: AccessCode;
}

interface OpenProps {
  readonly sale: SaleDetails;
  /** When it was read. */
  readonly seenAtMs: number;
  /** Told in words. */
  readonly onDone: (words: string) => void;
}

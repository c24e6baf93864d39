import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { DoorbusterError } from "../../../../sdk/errors.ts";
import { doorbusterAs, queryClient } from "../../../app/clients.ts";
import { useIsOffline } from "../../../app/connection.ts";
import { useMayChange, useSessionUser } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ActionFailure, useActionFailure } from "../action-failure.tsx";
import { Panel } from "../panel.tsx";
import { UPLOADING, useIsUploading } from "../uploads.ts";
import { useNowMs } from "../use-now.ts";
import { DifferencePanel } from "./difference-panel.tsx";
import { faultAtField } from "./fault-at-field.ts";
import { readCreate, readUpdate } from "./read-sale-form.ts";
import { remainingErrors, type ToldErrors } from "./remaining-errors.ts";
import { SaleFields } from "./sale-fields.tsx";
import type { SaleForm } from "./sale-form.ts";
import { rereadSales, saleDetailsQuery } from "./sales-queries.ts";
import { stateNow } from "./state-words.ts";
import { useSaleForm } from "./use-sale-form.ts";
import { momentMs } from "./zoned-time.ts";

/**
 * The form that plans a sale, or changes one that there is. What is typed is kept until the shop has it: an error, a reload
 * or the end of the session takes nothing of it.
 */
export function SaleEditor({ sale, first, copied, seenAtMs, onSaved, children }: SaleEditorProps) {
  const editor = useSaleForm(sale, first, copied);
  const { form, isTouched, differences, timeZone } = editor;
  const [told, setTold] = useState<ToldErrors>();
  const formElement = useRef<HTMLFormElement>(null);
  const nowMs = useNowMs();
  const status = stateNow(sale ?? NEW_SALE, nowMs);
  const opensNow = status === "scheduled" && (momentMs(form.startsAt, timeZone) ?? Number.NaN) <= nowMs;
  const mayEdit = useMayChange();
  const isOffline = useIsOffline();
  const saving = useSaving({ sale, editor, onSaved, onRefused: setTold });
  const isUploading = useIsUploading();
  const failure = useActionFailure(saving.error, seenAtMs);
  useFocusOnError(formElement, told);
  const { reset } = saving;
  const isSaved = editor.source === "shop";
  useEffect(() => {
    if (isSaved) reset();
  }, [isSaved, reset]);
  const read = sale ? readUpdate(form, { ...editor, sale }) : readCreate(form, timeZone);
  const errors = told ? remainingErrors(told, form, read.errors) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (saving.isPending || isUploading) return;
    setTold(read.errors && { errors: read.errors });
    if (read.errors === undefined) saving.mutate();
  };
  const isShownAtField = Object.keys(errors).length > 0;
  return (
    <>
      <Panel title={sale ? "Plan" : "A new sale"}>
        {differences && (
          <DifferencePanel
            differences={differences}
            lastChange={sale?.lastChange ?? null}
            isAnswerLost={failure.isUnknown}
            onGoOn={() => {
              saving.reset();
              editor.goOn();
            }}
          />
        )}
        {editor.source !== undefined && !isSaved && differences === undefined && (
          <Notice tone="plain" className="mb-5">
            {editor.source === "earlier"
              ? "This is your draft, as you left it. Nothing of it is sent by itself."
              : "This draft was changed in another tab of yours, and stands here as it does there."}
          </Notice>
        )}
        <form ref={formElement} aria-label={sale ? "Plan" : "A new sale"} onSubmit={submit} noValidate>
          <SaleFields
            form={form}
            sale={sale}
            status={status}
            opensNow={opensNow}
            timeZone={timeZone}
            errors={errors}
            isDisabled={!mayEdit}
            onChange={editor.change}
          />
          {saving.isPending && isOffline && (
            <Notice tone="plain" className="mt-5">
              You are offline: it goes on as soon as you are back on the network.
            </Notice>
          )}
          {saving.error && !saving.isPending && !isShownAtField && differences === undefined && (
            <ActionFailure error={saving.error} isLooking={sale !== undefined && failure.isLooking} className="mt-5" />
          )}
          {isShownAtField && (
            <p role="alert" className="mt-5 font-medium text-hot">
              {Object.keys(errors).length === 1 ? "One field needs another look." : "Some fields need another look."}
            </p>
          )}
          {mayEdit && (
            <div className="mt-6 flex flex-wrap items-center gap-3 border-t border-line pt-4">
              <Button
                type="submit"
                busy={saving.isPending}
                disabled={isUploading || (sale !== undefined && (!isTouched || differences !== undefined))}
              >
                {submitWords(sale !== undefined, opensNow)}
              </Button>
              {isTouched && (
                <Button
                  look="plain"
                  disabled={saving.isPending}
                  onClick={() => {
                    setTold(undefined);
                    saving.reset();
                    editor.giveUp();
                  }}
                >
                  {sale ? "Leave it as it was" : "Begin anew"}
                </Button>
              )}
              <p role="status" className="text-sm text-muted">
                {isUploading ? UPLOADING : isTouched ? "Your draft is kept in this browser." : isSaved && "Saved."}
              </p>
            </div>
          )}
        </form>
      </Panel>
      {children(form, timeZone)}
    </>
  );
}

function useSaving({ sale, editor, onSaved, onRefused }: SavingProps) {
  const userId = useSessionUser()?.id ?? "";
  return useMutation<number, Error, void>({
    mutationFn: async () => {
      const { sales } = doorbusterAs(userId);
      if (!sale) {
        const { input } = readCreate(editor.form, editor.timeZone);
        if (!input) throw new Error("a form with errors was sent");
        editor.isSent();
        return (await sales.create({ ...input, idempotencyKey: editor.key })).id;
      }
      const { input } = readUpdate(editor.form, { ...editor, sale });
      // For the state that one has seen: what others changed since is not overwritten.
      if (input) await sales.update({ ...input, edits: editor.edits });
      return sale.id;
    },
    onSuccess: async (saleId) => {
      editor.isSaved();
      const { queryKey } = saleDetailsQuery(saleId);
      await rereadSales();
      const saved = queryClient.getQueryData(queryKey);
      if (sale && saved) editor.takeOver(saved);
      onSaved(saleId);
    },
    onError: (error) => {
      void rereadSales();
      const atField = error instanceof DoorbusterError ? faultAtField(error, editor.form) : undefined;
      if (atField) onRefused({ errors: atField, refused: editor.form });
    },
  });
}

/** The first field that needs another look. */
function useFocusOnError(form: React.RefObject<HTMLFormElement | null>, told: ToldErrors | undefined): void {
  useEffect(() => {
    if (told === undefined) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid] input")?.focus();
  }, [form, told]);
}

function submitWords(isThere: boolean, opensNow: boolean): string {
  if (opensNow) return isThere ? "Save and open the sale now" : "Open the sale now";
  return isThere ? "Save the changes" : "Plan the sale";
}

/** One that is planned may be anything yet. */
const NEW_SALE = { status: "scheduled", startsAt: "9999-01-01T00:00:00Z", endsAt: "9999-01-02T00:00:00Z" } as const;

interface SavingProps {
  readonly sale: SaleDetails | undefined;
  readonly editor: ReturnType<typeof useSaleForm>;
  readonly onSaved: (saleId: number) => void;
  readonly onRefused: (told: ToldErrors) => void;
}

interface SaleEditorProps {
  /** Undefined for one that is to be planned. */
  readonly sale: SaleDetails | undefined;
  /** What the form of a new one begins with. */
  readonly first: SaleForm;
  /** The id of the sale that a new one is to be like. */
  readonly copied?: number;
  /** When the sale was read. */
  readonly seenAtMs: number;
  readonly onSaved: (saleId: number) => void;
  /** What stands below the form and follows what is typed. */
  readonly children: (form: SaleForm, timeZone: string) => ReactNode;
}

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { reasonSchema } from "../../../../../shared/primitives.ts";
import { doorbusterAs } from "../../../app/clients.ts";
import { useSessionUser } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure, useActionFailure } from "../action-failure.tsx";
import { useDraft } from "../use-draft.ts";
import { rereadSales } from "./sales-queries.ts";

/**
 * A button for something that changes a sale at once. Its dialog says before, in numbers, what it will do; it stays open until
 * the shop has done it, and what was typed into it survives the end of the session.
 */
export function ActOnSale(props: ActOnSaleProps) {
  const { form, words, label, title, facts, fields, needsReason = false, seenAtMs, isReady = true, act } = props;
  const userId = useSessionUser()?.id ?? "";
  const draft = useDraft(form);
  const [typed, setTyped] = useState(() => draft.read()?.reason ?? "");
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<string>();
  const close = () => {
    draft.drop();
    setTyped("");
    setOpen(false);
  };
  const acting = useMutation<unknown, Error, string | undefined>({
    mutationFn: (reason) => act(doorbusterAs(userId), reason),
    onSuccess: async () => {
      await rereadSales();
      close();
    },
    onError: () => void rereadSales(),
  });
  const failure = useActionFailure(acting.error, seenAtMs);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (acting.isPending) return;
    const reason = typed.trim();
    const wrong = reasonError(reason, needsReason);
    setError(wrong);
    if (isReady && wrong === undefined) acting.mutate(reason === "" ? undefined : reason);
  };
  return (
    <>
      <Button
        look="plain"
        aria-label={label}
        aria-haspopup="dialog"
        onClick={() => {
          acting.reset();
          setError(undefined);
          setOpen(true);
        }}
      >
        {words}
      </Button>
      <Dialog
        title={title}
        description={
          <ul className="grid list-disc gap-1 pl-5 text-ink">
            {facts.map((fact, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are sentences in their order.
              <li key={index}>{fact}</li>
            ))}
          </ul>
        }
        isOpen={isOpen}
        onClose={() => !acting.isPending && close()}
      >
        <form onSubmit={submit} noValidate className="grid gap-4">
          {fields}
          <TextField
            label={needsReason ? "Reason" : "Reason, if there is one"}
            name="reason"
            autoComplete="off"
            hint="Stands in the record."
            error={error}
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value);
              draft.keep({ reason: target.value });
            }}
          />
          {acting.error && !acting.isPending && <ActionFailure error={acting.error} isLooking={failure.isLooking} />}
          <div className="flex flex-wrap gap-3">
            <Button type="submit" busy={acting.isPending || failure.isLooking}>
              {words}
            </Button>
            <Button look="plain" disabled={acting.isPending} onClick={close}>
              Leave it as it is
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

function reasonError(reason: string, isNeeded: boolean): string | undefined {
  if (reason === "") return isNeeded ? "Please say why." : undefined;
  const max = isNeeded ? 200 : 500;
  if (reason.length > max) return `A reason has at most ${max} characters.`;
  return reasonSchema.safeParse(reason).success ? undefined : "A reason is text that can be read.";
}

interface ActOnSaleProps {
  /** Tells it from every other form. */
  readonly form: string;
  /** On the button, and on the one that does it. */
  readonly words: string;
  /** Which of several such buttons it is, for those who hear it. */
  readonly label?: string;
  readonly title: string;
  /** What it will do, a sentence each. */
  readonly facts: readonly ReactNode[];
  readonly fields?: ReactNode;
  readonly needsReason?: boolean;
  /** When the sale was read. */
  readonly seenAtMs: number;
  /** Whether the fields say what is to be done. */
  readonly isReady?: boolean;
  readonly act: (shop: ReturnType<typeof doorbusterAs>, reason: string | undefined) => Promise<unknown>;
}

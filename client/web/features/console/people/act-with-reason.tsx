import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { reasonSchema } from "../../../../../shared/primitives.ts";
import { Button, type ButtonLook } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextField } from "../../../components/text-field.tsx";

/** A button for what needs a reason: asks for it, says who will read it, and stays open until the shop has done it. */
export function ActWithReason({ words, name, title, description, hint, look = "plain", act }: ActWithReasonProps) {
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<string>();
  const acting = useMutation<void, Error, string>({ mutationFn: act, onSuccess: () => setOpen(false) });
  const open = () => {
    acting.reset();
    setError(undefined);
    setOpen(true);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (acting.isPending) return;
    const field = event.currentTarget.elements.namedItem("reason") as HTMLInputElement;
    const reason = reasonSchema.safeParse(field.value);
    setError(reason.success ? undefined : field.value.trim() === "" ? "Please say why." : REASON_RULE);
    if (reason.success) acting.mutate(reason.data);
    else field.focus();
  };
  return (
    <>
      <Button look={look} aria-label={name} aria-haspopup="dialog" onClick={open}>
        {words}
      </Button>
      <Dialog
        title={title}
        description={description}
        isOpen={isOpen}
        onClose={() => !acting.isPending && setOpen(false)}
      >
        <form onSubmit={submit} noValidate>
          <TextField label="Reason" name="reason" autoComplete="off" maxLength={500} hint={hint} error={error} />
          {acting.error && !acting.isPending && (
            <Notice tone="bad" title="That was not done" className="mt-4">
              {acting.error.message}
            </Notice>
          )}
          <div className="mt-5 flex flex-wrap gap-3">
            <Button type="submit" busy={acting.isPending}>
              {words}
            </Button>
            <Button look="plain" disabled={acting.isPending} onClick={() => setOpen(false)}>
              Leave it as it is
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

const REASON_RULE = "A reason is at most 500 characters that can be read.";

interface ActWithReasonProps {
  /** On the button, and on the one that does it. */
  readonly words: string;
  /** Which of several such buttons it is, for those who hear it. */
  readonly name?: string;
  readonly title: string;
  /** What it will do. */
  readonly description: ReactNode;
  /** Who will read the reason. */
  readonly hint: string;
  readonly look?: ButtonLook;
  /** Rejects with an error in words for the operator. */
  readonly act: (reason: string) => Promise<void>;
}

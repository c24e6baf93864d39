import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { reasonSchema } from "../../../../shared/primitives.ts";
import { isUnknown } from "../../app/action-words.ts";
import { useIsOffline } from "../../app/connection.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { TextField } from "../../components/text-field.tsx";
import { ActionFailure, useActionFailure } from "./action-failure.tsx";
import { FOUND_DONE } from "./action-words.ts";
import { textRule } from "./text-rule.ts";
import { useDraft } from "./use-draft.ts";

/**
 * A button for one thing that is told before it is done. It asks for a reason, says who will read it, and stays open until the
 * shop has done it. Once somebody has done it the button is gone; a dialog that was open by then stays, says so, and sends nothing.
 */
export function ActWithReason({
  form,
  words,
  name,
  title,
  description,
  hint,
  isReasonOptional = false,
  isDone,
  doneWords,
  ...rest
}: ActProps) {
  const draft = useDraft(form);
  const [typed, setTyped] = useState(draft.read);
  const [isOpen, setOpen] = useState(typed !== undefined);
  const [error, setError] = useState<string>();
  const place = useRef<HTMLDivElement>(null);
  const close = () => {
    draft.drop();
    setOpen(false);
  };
  const { acting, failure, isSo } = useAct(rest, isDone, close);
  const isOffline = useIsOffline();
  const isBusy = acting.isPending || failure.isLooking;
  const { onOpenChange } = rest;
  useEffect(() => onOpenChange?.(isOpen), [isOpen, onOpenChange]);
  const open = () => {
    acting.reset();
    setError(undefined);
    setTyped(undefined);
    setOpen(true);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy || isSo) return;
    const field = event.currentTarget.elements.namedItem("reason") as HTMLInputElement;
    const isLeftOut = isReasonOptional && field.value.trim() === "";
    const reason = reasonSchema.optional().safeParse(isLeftOut ? undefined : field.value);
    setError(
      reason.success
        ? undefined
        : field.value.trim() === ""
          ? "Please say why."
          : textRule("A reason", field.value, 500),
    );
    if (!reason.success) return field.focus();
    draft.keep({ reason: field.value, isSent: "yes" });
    acting.mutate(reason.data, {
      onError: (error) => isUnknown(error) || draft.keep({ reason: field.value }),
    });
  };
  return (
    <div ref={place} tabIndex={-1} className="outline-none empty:absolute">
      {!isDone && (
        <Button look="plain" aria-label={name} aria-haspopup="dialog" onClick={open}>
          {words}
        </Button>
      )}
      <Dialog
        title={title}
        description={description}
        isOpen={isOpen}
        onClose={() => !acting.isPending && close()}
        focusAfter={() => place.current}
      >
        <form onSubmit={submit} noValidate>
          <TextField
            label={isReasonOptional ? "Reason, if you like" : "Reason"}
            name="reason"
            autoComplete="off"
            hint={hint}
            error={error}
            readOnly={isOpen && isSo}
            defaultValue={typed?.reason}
            onChange={({ target }) => draft.keep({ reason: target.value })}
          />
          {acting.isPending && isOffline && (
            <Notice tone="plain" className="mt-4">
              You are offline: it goes on as soon as you are back on the network.
            </Notice>
          )}
          {acting.error && !acting.isPending && !isSo && (
            <ActionFailure error={acting.error} isLooking={failure.isLooking} className="mt-4" />
          )}
          {isOpen && isSo && (
            <AlreadySo doneWords={doneWords} isMaybeOwn={failure.isUnknown || typed?.isSent !== undefined} />
          )}
          <div className="mt-5 flex flex-wrap gap-3">
            {isOpen && isSo ? (
              <Button look="plain" onClick={close}>
                Close
              </Button>
            ) : (
              <>
                <Button type="submit" busy={isBusy}>
                  {words}
                </Button>
                <Button look="plain" disabled={acting.isPending} onClick={close}>
                  Leave it as it is
                </Button>
              </>
            )}
          </div>
        </form>
      </Dialog>
    </div>
  );
}

/** Does it, and reads again what is so by then, also where the answer was lost. */
function useAct({ act, onDone, seenAtMs, reread }: Act, isDone: boolean, close: () => void) {
  const acting = useMutation<string | undefined, Error, string | undefined>({
    mutationFn: act,
    onSuccess: async (told) => {
      await reread();
      if (told === undefined) return;
      close();
      onDone(told);
    },
    onError: () => void reread(),
  });
  const failure = useActionFailure(acting.error, seenAtMs);
  const wasSo = acting.isSuccess && acting.data === undefined;
  return { acting, failure, isSo: !acting.isPending && !failure.isLooking && (isDone || wasSo) };
}

function AlreadySo({ doneWords, isMaybeOwn }: { doneWords: string; isMaybeOwn: boolean }) {
  if (isMaybeOwn) {
    return (
      <Notice tone="good" title={doneWords} className="mt-4">
        {FOUND_DONE}
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={doneWords} className="mt-4">
      It was so already: nothing more was done, and your reason is not written down.
    </Notice>
  );
}

interface Act {
  /**
   * Resolves to words for the operator, or to nothing where it was so already. Rejects with an error in words for the
   * operator.
   */
  readonly act: (reason: string | undefined) => Promise<string | undefined>;
  /** Told in words. */
  readonly onDone: (words: string) => void;
  /** When `isDone` was read. */
  readonly seenAtMs: number;
  /** Reads anew whatever may have changed. */
  readonly reread: () => Promise<unknown>;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

interface ActProps extends Act {
  /** Tells it from every other form. */
  readonly form: string;
  /** On the button, and on the one that does it. */
  readonly words: string;
  /** Which of several such buttons it is, for those who hear it. */
  readonly name?: string;
  readonly title: string;
  /** What it will do, in numbers where there are some: a sentence, or a list of them. */
  readonly description: ReactNode;
  /** Who will read the reason. */
  readonly hint: string;
  readonly isReasonOptional?: boolean;
  /** Whether it is so already. */
  readonly isDone: boolean;
  /** That it is so, as a sentence. */
  readonly doneWords: string;
}

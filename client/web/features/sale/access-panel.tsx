import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { normalCode } from "../../../../shared/access-codes.ts";
import { DoorbusterError } from "../../../sdk/errors.ts";
import { doorbusterAs } from "../../app/clients.ts";
import { saleQuery, trpc } from "../../app/queries.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { TextField } from "../../components/text-field.tsx";
import { dropCode, keepCode, readCode } from "./kept-code.ts";

/**
 * Asks for the code of a sale that needs one. A visitor's is kept while they sign in, and entered once they are back, as is one
 * that came with the address.
 */
export function AccessPanel({ saleId, userId, isAdmitted, onSignIn }: AccessPanelProps) {
  const [error, setError] = useState<string>();
  const entering = useEnter(saleId, userId, setError);
  const { mutate } = entering;
  const isFirst = useRef(true);
  useEffect(() => {
    const kept = readCode(saleId);
    if (userId === null || !isFirst.current) return;
    isFirst.current = false;
    if (kept?.isAsked && !isAdmitted) mutate(kept.code);
  }, [saleId, userId, isAdmitted, mutate]);

  if (isAdmitted) {
    if (!entering.isSuccess) return null;
    return (
      <Notice tone="good" title="You are in">
        Your code was taken, and you can buy here now. It is not asked for again.
      </Notice>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (entering.isPending) return;
    const field = event.currentTarget.elements.namedItem("code") as HTMLInputElement;
    const code = field.value.trim();
    const isEmpty = normalCode(code) === "";
    setError(isEmpty ? "Please enter the code that you were given." : undefined);
    if (isEmpty) return field.focus();
    keepCode(saleId, { code, isAsked: true });
    if (userId === null) onSignIn();
    else mutate(code);
  };
  return (
    <form onSubmit={submit} noValidate className="max-w-xl rounded-xl bg-sunken p-4 sm:p-5">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 grow basis-60">
          <TextField
            label="Access code"
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={100}
            hint="This sale is for those who were given one."
            error={error}
            defaultValue={readCode(saleId)?.code}
            onChange={({ target }) => keepCode(saleId, { code: target.value, isAsked: false })}
          />
        </div>
        <Button type="submit" busy={entering.isPending} className="min-h-12">
          {userId === null ? "Sign in and enter" : "Enter"}
        </Button>
      </div>
    </form>
  );
}

interface AccessPanelProps {
  readonly saleId: number;
  /** null for a visitor. */
  readonly userId: string | null;
  readonly isAdmitted: boolean;
  readonly onSignIn: () => void;
}

function useEnter(saleId: number, userId: string | null, setError: (words: string | undefined) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (code: string) => {
      setError(undefined);
      const result = await doorbusterAs(userId ?? "").sales.enter({ saleId, code });
      if (result.outcome === "refused") throw new Refused(result.message);
      return result;
    },
    onSuccess: () => {
      dropCode(saleId);
      queryClient.setQueryData(trpc.sales.admission.queryKey({ saleId }), { isAdmitted: true });
    },
    onError: (failure, code) => {
      // Without a session it is entered after the next sign-in.
      if (failure instanceof DoorbusterError && failure.code === "UNAUTHENTICATED") return;
      keepCode(saleId, { code, isAsked: false });
      setError(failureWords(failure));
      // An operator may have opened the sale to everybody meanwhile.
      if (failure instanceof Refused) void queryClient.invalidateQueries({ queryKey: saleQuery(saleId).queryKey });
    },
  });
}

class Refused extends Error {}

function failureWords(failure: Error): string {
  const isUnknown = failure instanceof DoorbusterError && failure.outcome === "unknown";
  return isUnknown ? "No answer came. Please enter it again: nothing is used up twice." : failure.message;
}

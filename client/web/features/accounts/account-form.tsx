import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { onBackOnline } from "../../app/connection.ts";
import { AccountError } from "../../app/sign-in.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { type FormSchema, fieldErrors } from "./account-schemas.ts";
import { accountWords } from "./account-words.ts";

/** A form that checks its fields, sends them once, and says in words what is wrong. */
export function AccountForm<Input>({ schema, action, submitLabel, busyLabel, children }: AccountFormProps<Input>) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => onBackOnline(() => setProblem(undefined)), []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const form = event.currentTarget;
    const parsed = schema.safeParse(Object.fromEntries(new FormData(form)));
    setProblem(undefined);
    setErrors(parsed.success ? {} : fieldErrors(parsed.error));
    if (!parsed.success) return focusField(form, String(parsed.error.issues[0]?.path[0] ?? ""));
    setBusy(true);
    try {
      await action(parsed.data);
    } catch (error) {
      setBusy(false);
      const fields = error instanceof AccountError ? error.fields : {};
      const [first] = Object.keys(fields);
      if (first === undefined) return setProblem(accountWords(error));
      setErrors(fields);
      focusField(form, first);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {children(errors)}
      <Button type="submit" busy={isBusy} className="mt-1 min-h-12 text-lg">
        {isBusy ? busyLabel : submitLabel}
      </Button>
    </form>
  );
}

function focusField(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}

interface AccountFormProps<Input> {
  readonly schema: FormSchema<Input>;
  /** Resolves when the account is signed in. */
  readonly action: (input: Input) => Promise<void>;
  readonly submitLabel: string;
  readonly busyLabel: string;
  /** The fields, given what is wrong with each. */
  readonly children: (errors: Record<string, string>) => ReactNode;
}

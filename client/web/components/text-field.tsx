import { Field } from "@base-ui/react/field";
import type { InputHTMLAttributes, ReactNode } from "react";

/** A labelled text field with its error in words below it. */
export function TextField({ label, name, error, hint, rows, ...rest }: TextFieldProps) {
  return (
    <Field.Root name={name} invalid={error !== undefined} className="flex flex-col gap-1.5">
      <Field.Label className="text-sm font-semibold">{label}</Field.Label>
      <Field.Control
        {...rest}
        {...(rows !== undefined && { render: <textarea rows={rows} /> })}
        className="min-h-12 w-full rounded-md border border-edge bg-surface px-3.5 py-2 text-base text-ink placeholder:text-muted disabled:border-line disabled:bg-sunken disabled:text-muted data-invalid:border-2 data-invalid:border-hot"
      />
      {hint !== undefined && error === undefined && (
        <Field.Description className="text-sm text-muted">{hint}</Field.Description>
      )}
      <Field.Error match={error !== undefined} className="text-sm font-medium text-hot">
        {error}
      </Field.Error>
    </Field.Root>
  );
}

export interface TextFieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "className" | "defaultValue"> {
  readonly label: string;
  readonly name: string;
  readonly error: string | undefined;
  readonly hint?: ReactNode;
  /** For text of several lines: how many are seen at once. */
  readonly rows?: number;
  /** What stands in it at first. */
  readonly defaultValue?: string | undefined;
}

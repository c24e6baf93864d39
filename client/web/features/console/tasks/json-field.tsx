import { Field } from "@base-ui/react/field";

/** A labelled field for some lines of JSON, with its error in words below it. */
export function JsonField({ label, name, hint, error, defaultValue }: JsonFieldProps) {
  return (
    <Field.Root name={name} invalid={error !== undefined} className="flex flex-col gap-1.5">
      <Field.Label className="text-sm font-semibold">{label}</Field.Label>
      <Field.Control
        render={<textarea rows={4} spellCheck={false} autoComplete="off" />}
        defaultValue={defaultValue}
        placeholder='{"parcel": 1}'
        className="w-full resize-y rounded-md border border-edge bg-surface px-3.5 py-2.5 font-mono text-sm text-ink placeholder:text-muted data-invalid:border-2 data-invalid:border-hot"
      />
      {error === undefined && <Field.Description className="text-sm text-muted">{hint}</Field.Description>}
      <Field.Error match={error !== undefined} className="text-sm font-medium wrap-anywhere text-hot">
        {error}
      </Field.Error>
    </Field.Root>
  );
}

interface JsonFieldProps {
  readonly label: string;
  readonly name: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly defaultValue: string | undefined;
}

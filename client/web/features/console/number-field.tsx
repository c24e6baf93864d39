import { TextField, type TextFieldProps } from "../../components/text-field.tsx";

/** A whole number as a person types it; `parseWhole` reads it. */
export function NumberField(props: TextFieldProps) {
  return <TextField inputMode="numeric" autoComplete="off" {...props} />;
}

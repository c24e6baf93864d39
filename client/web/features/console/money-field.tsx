import { CURRENCY } from "../../../../shared/money.ts";
import { TextField, type TextFieldProps } from "../../components/text-field.tsx";

/** An amount of money as a person types it; `parseAmountCents` reads it. */
export function MoneyField({ label, ...rest }: TextFieldProps) {
  return <TextField inputMode="decimal" autoComplete="off" {...rest} label={`${label}, ${CURRENCY}`} />;
}

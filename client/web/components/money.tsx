import { CURRENCY, formatMoney } from "../../../shared/money.ts";

/** An amount of integer minor units; with `signed`, movements show their plus. */
export function Money({ cents, currency = CURRENCY, signed = false }: MoneyProps) {
  const text = formatMoney(cents, currency, LOCALE);
  return <span className="figures whitespace-nowrap">{signed && cents > 0 ? `+${text}` : text}</span>;
}

/** The same where only text can stand. */
export function euros(cents: number): string {
  return formatMoney(cents, CURRENCY, LOCALE);
}

/** The page is in English; amounts and dates agree with it. */
export const LOCALE = "en-IE";

interface MoneyProps {
  readonly cents: number;
  readonly currency?: string;
  readonly signed?: boolean;
}

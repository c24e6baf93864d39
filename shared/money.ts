/** ISO 4217 code of the one currency that this shop sells in. Amounts are integers of its minor unit (cents). */
export const CURRENCY = "EUR";

/** The largest amount of money that one row may carry: far above any price, far below 2^53. */
export const AMOUNT_CENTS_MAX = 1_000_000_000_000;

/** The largest price of one unit, credit and top-up. */
export const PRICE_CENTS_MAX = AMOUNT_CENTS_MAX / 1_000;

/**
 * Formats integer minor units as money, for example `formatMoney(1999)` gives "€19.99" in an English locale.
 *
 * @param cents integer minor units; may be negative
 * @param currency ISO 4217 code with two decimal places
 * @param locale BCP 47 tag; the runtime's own when absent
 */
export function formatMoney(cents: number, currency: string = CURRENCY, locale?: string): string {
  return formatter(locale, currency).format(cents / 100);
}

/** Making one takes a hundred times as long as using it, and a page full of prices is drawn at every click. */
function formatter(locale: string | undefined, currency: string): Intl.NumberFormat {
  const name = `${locale} ${currency}`;
  const made = FORMATTERS.get(name) ?? new Intl.NumberFormat(locale, { style: "currency", currency });
  FORMATTERS.set(name, made);
  return made;
}

/** By locale and currency, of which a shop has few. */
const FORMATTERS = new Map<string, Intl.NumberFormat>();

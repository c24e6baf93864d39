import { momentWords } from "../../../app/moment-words.ts";

/** A sale by its name and its start: what is copied from week to week keeps its name. */
export function saleWords({ name, startsAt }: { readonly name: string; readonly startsAt: string }): string {
  return `${name}, ${momentWords(startsAt, { withYear: true })}`;
}

/** The same where one is chosen from many. */
export function saleNamed<Sale extends { readonly id: number; readonly name: string; readonly startsAt: string }>(
  sale: Sale,
) {
  return { id: sale.id, name: saleWords(sale) };
}

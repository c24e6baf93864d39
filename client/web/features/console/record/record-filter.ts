import { idSchema, uuidSchema } from "../../../../../shared/primitives.ts";
import { type PathInput, pathInputSchema, RECORD_FILTERS } from "../../../../../shared/record.ts";

/** The lists of the record, as they are chosen on the page. */
export const RECORD_LISTS = ["attempts", "orders", "refunds", "credits", "changes"] as const;
export type RecordListName = (typeof RECORD_LISTS)[number];

/** What a list is filtered by. What it cannot mean is left out. */
export type FilterOf<K extends RecordListName> = (typeof RECORD_FILTERS)[K]["_output"];

/** The text that stands in an address. */
export type RecordSearch = Readonly<Record<string, string | undefined>>;

export function listOf(search: RecordSearch): RecordListName {
  return RECORD_LISTS.find((list) => list === search.show) ?? "attempts";
}

/** The filter of a list that stands in an address. What the list does not know or understand is left out. */
export function filterOf<K extends RecordListName>(list: K, search: RecordSearch): FilterOf<K> {
  const fields = Object.entries(RECORD_FILTERS[list].shape).flatMap(([name, field]) => {
    const text = search[name];
    if (text === undefined || text === "") return [];
    const { data } = field.safeParse(name in NUMBERS ? Number(text) : text);
    return data === undefined ? [] : [[name, data]];
  });
  return Object.fromEntries(fields) as FilterOf<K>;
}

/** Why nothing can be shown for the filter of an address; with the name of what it cannot mean, where it is one thing. */
export function filterProblem(list: RecordListName, search: RecordSearch): FilterProblem | undefined {
  const filter = filterOf(list, search);
  const name = Object.keys(RECORD_FILTERS[list].shape).find((each) => search[each] && !(each in filter));
  if (name !== undefined) return { name, words: `“${search[name]}” is no ${FILTER_WORDS[name] ?? name} to look for.` };
  const { from, to } = filter;
  if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return undefined;
  return {
    name: undefined,
    words: "Nothing is both from the one time on and before the other: “From” must be earlier than “Before”.",
  };
}

export interface FilterProblem {
  /** For whoever leaves it out. */
  readonly name: string | undefined;
  readonly words: string;
}

/** What a filter is called where its name does not say it. */
const FILTER_WORDS: Readonly<Record<string, string>> = {
  userId: "person’s id",
  actorId: "person’s id",
  saleId: "sale’s number",
  itemId: "item’s number",
  productId: "product’s number",
  from: "time",
  to: "time",
};

const NUMBERS = { saleId: true, itemId: true, productId: true };

/** Where the list is a file. */
export function exportUrl(file: string, filter: Readonly<Record<string, unknown>>, { bom }: { bom: boolean }): string {
  const parameters = Object.entries(filter).map(([name, value]) => [name, String(value)]);
  const query = new URLSearchParams([...parameters, ...(bom ? [["bom", "1"]] : [])]).toString();
  return `/api/exports/${file}.csv${query && `?${query}`}`;
}

/**
 * What somebody may have at hand: an order's number as on the receipt, the id of a purchase or a task, or, of a person who is
 * known, a key.
 */
export function pathInputOf(text: string, userId: string | undefined): PathInput | undefined {
  const words = text.trim();
  const number = idSchema.safeParse(Number(/^(?:order\s*[-#]?\s*|#)?(\d+)$/i.exec(words)?.[1]));
  if (number.success) return { orderId: number.data };
  const isId = uuidSchema.safeParse(words).success;
  const named = isId ? { purchaseId: words } : { taskId: words };
  return pathInputSchema.safeParse(userId === undefined ? named : { userId, idempotencyKey: words }).data;
}

/** The same as it stands in the address of its page. */
export function pathSearchOf(input: PathInput): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
}

/** What an address of that page asks about; undefined where it says nothing that can be asked about. */
export function askedOf({ userId, idempotencyKey, purchaseId, orderId, taskId }: RecordSearch): PathInput | undefined {
  const asked = [
    userId && idempotencyKey ? { userId, idempotencyKey } : undefined,
    purchaseId ? { purchaseId } : undefined,
    orderId ? { orderId: Number(orderId) } : undefined,
    taskId ? { taskId } : undefined,
  ].find((input) => input !== undefined);
  return pathInputSchema.safeParse(asked).data;
}

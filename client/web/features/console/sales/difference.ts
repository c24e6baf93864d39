import type { ItemForm, SaleForm, TimeForm } from "./sale-form.ts";

/** A field that somebody else has changed since one began, or that both have. */
export interface Difference {
  /** Tells it from the others. */
  readonly field: string;
  /** For people: "Price of Lamp". */
  readonly label: string;
  readonly before: string;
  readonly theirs: string;
  readonly yours: string;
  /** Both changed it, and not to the same. */
  readonly isConflict: boolean;
}

/**
 * What became of a sale while one was at its form, field by field.
 *
 * @param base as it was when one began
 * @param theirs as it is now
 * @param yours as it stands in the form
 */
export function differencesOf({ base, theirs, yours }: ThreeForms): Difference[] {
  const [was, is, typed] = [fieldsOf(base), fieldsOf(theirs), fieldsOf(yours)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names.flatMap((field) => {
    const [before = NOT_THERE, now = NOT_THERE, own = NOT_THERE] = [was, is, typed].map(
      (fields) => fields.get(field)?.text,
    );
    if (before === now) return [];
    const label = (was.get(field) ?? is.get(field))?.label ?? field;
    return [{ field, label, before, theirs: now, yours: own, isConflict: own !== before && own !== now }];
  });
}

/**
 * The form to go on with from the state as it is now: what one typed stays, and what one left alone is what others made of it.
 * An item that they took out is gone, unless one has changed it: then it is there as one to be added.
 */
export function goOnFrom({ base, theirs, yours }: ThreeForms): SaleForm {
  const take = <Value>(valueIn: (form: SaleForm) => Value): Value =>
    isSame(valueIn(yours), valueIn(base)) ? valueIn(theirs) : valueIn(yours);
  const [baseOf, theirsOf] = [base, theirs].map(({ items }) => new Map(items.map((item) => [item.key, item])));
  const own = yours.items.flatMap((item) => {
    const [before, now] = [baseOf?.get(item.key), theirsOf?.get(item.key)];
    if (now) return [mergeItem({ base: before ?? now, theirs: now, yours: item })];
    if (before === undefined) return [item];
    const { itemId: _, ...rest } = item;
    return isSame(item, before) ? [] : [{ ...rest, key: `again-${item.key}` }];
  });
  const isOrdered = isSame(keysIn(yours, base), keysIn(base, yours));
  const added = theirs.items.filter(({ key }) => !baseOf?.has(key));
  const items = [...own, ...added];
  return {
    name: take(({ name }) => name),
    startsAt: take(({ startsAt }) => startsAt),
    endsAt: take(({ endsAt }) => endsAt),
    limit: take(({ limit }) => limit),
    needsAccessCode: take(({ needsAccessCode }) => needsAccessCode),
    items: isOrdered ? inOrderOf(items, theirs.items) : items,
  };
}

function mergeItem({ base, theirs, yours }: Record<"base" | "theirs" | "yours", ItemForm>): ItemForm {
  const names = Object.keys(theirs) as (keyof ItemForm)[];
  return Object.fromEntries(
    names.map((name) => [name, yours[name] === base[name] ? theirs[name] : yours[name]]),
  ) as unknown as ItemForm;
}

/** The keys of those items that the other form has too. */
function keysIn(form: SaleForm, other: SaleForm): string[] {
  return form.items.map(({ key }) => key).filter((key) => other.items.some((item) => item.key === key));
}

/** Those that are not among them stand last. */
function inOrderOf(items: readonly ItemForm[], wanted: readonly ItemForm[]): ItemForm[] {
  const place = new Map(wanted.map(({ key }, index) => [key, index]));
  return items.toSorted((a, b) => (place.get(a.key) ?? items.length) - (place.get(b.key) ?? items.length));
}

function fieldsOf(form: SaleForm): Map<string, { label: string; text: string }> {
  return new Map([
    ["name", { label: "Name", text: form.name }],
    ["startsAt", { label: "Start", text: timeText(form.startsAt) }],
    ["endsAt", { label: "End", text: timeText(form.endsAt) }],
    ["limit", { label: "Limit per customer over all items", text: form.limit || NOTHING }],
    ["needsAccessCode", { label: "Who can buy", text: form.needsAccessCode ? "Holders of a code" : "Everybody" }],
    ["order", { label: "Items and their order", text: form.items.map(({ name }) => name).join(", ") }],
    ...form.items.flatMap((item) =>
      ITEM_FIELDS.map(([field, label]) => {
        return [`${item.key}.${field}`, { label: `${label} of ${item.name}`, text: item[field] || NOTHING }] as const;
      }),
    ),
  ]);
}

function timeText({ text, turn }: TimeForm): string {
  return `${text.replace("T", " ")}${turn === "" ? "" : ` (the ${turn} one)`}`;
}

const ITEM_FIELDS = [
  ["name", "Name"],
  ["description", "Description"],
  ["imageUrl", "Picture"],
  ["price", "Price"],
  ["stock", "Units"],
  ["limit", "Limit per customer"],
] as const;

const NOTHING = "nothing";
const NOT_THERE = "not in the sale";

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface ThreeForms {
  readonly base: SaleForm;
  readonly theirs: SaleForm;
  readonly yours: SaleForm;
}

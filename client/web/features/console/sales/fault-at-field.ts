import type { FieldErrors } from "./read-sale-form.ts";
import type { SaleForm } from "./sale-form.ts";

/**
 * Where in the form a refusal of the shop belongs: it begins with the field of what was sent ("endsAt: …",
 * "addItems[0]: …"), or names the item that units are missing of. Undefined where it is about none.
 */
export function faultAtField({ message }: { readonly message: string }, form: SaleForm): FieldErrors | undefined {
  const [, field, index, inner, words = message] = /^(\w+)(?:\[(\d+)\])?(?:\.(\w+))?: (.+)$/s.exec(message) ?? [];
  if (field === "name" || field === "startsAt" || field === "endsAt") return { [field]: words };
  if (field === "limitPerCustomer") return { limit: words };
  if (field === "items" || field === "addItems") {
    const added = form.items.filter(({ itemId }) => itemId === undefined);
    const item = (field === "addItems" || added.length === form.items.length ? added : form.items)[Number(index)];
    return item ? { [`${item.key}.${FIELDS[inner ?? ""] ?? "name"}`]: words } : { items: words };
  }
  if (field === "removeItemIds") return { items: words };
  const short = form.items.filter(({ name }) => name !== "" && message.includes(` of "${name}"`));
  if (short.length === 0) return undefined;
  const parts = message.replace(/\.$/, "").split("; ");
  const own = (name: string) => parts.find((part) => part.includes(` of "${name}"`));
  return Object.fromEntries(
    short.map(({ key, name }) => [`${key}.stock`, `${own(name) ?? message}.`.replace("..", ".")]),
  );
}

/** What the shop calls them. */
const FIELDS: Readonly<Record<string, string>> = {
  name: "name",
  description: "description",
  imageUrl: "imageUrl",
  priceCents: "price",
  stock: "stock",
  limitPerCustomer: "limit",
};

import type { ProductEvent } from "../../../../../shared/products.ts";
import { euros } from "../../../components/money.tsx";

/** What happened to a product, in words. */
export function eventWords(event: ProductEvent): string {
  switch (event.kind) {
    case "received":
      return `${event.units} received by ${event.warehouseName}`;
    case "adjusted":
      return event.change > 0
        ? `${event.change} from ${event.warehouseName} to “${event.saleName}”`
        : `${-event.change} from “${event.saleName}” back to ${event.warehouseName}`;
    case "changed":
      return changeWords(event);
  }
}

/** What is told besides, a line each: the reason, and of a change each value before and after. */
export function changeLines(event: ProductEvent): string[] {
  if (event.kind !== "changed") return [event.reason];
  const { before, after, reason } = event.details;
  const lines =
    isRecord(before) && isRecord(after)
      ? Object.keys(after).map(
          (name) => `${WORDS[name] ?? name}: ${valueWords(name, before[name])} → ${valueWords(name, after[name])}`,
        )
      : [];
  return typeof reason === "string" ? [...lines, reason] : lines;
}

function changeWords({ action, details: { after } }: Extract<ProductEvent, { kind: "changed" }>): string {
  if (action === "products.create") return "Made";
  if (action !== "products.update") return action;
  if (isRecord(after) && after.available === false) return "Withdrawn";
  if (isRecord(after) && after.available === true) return "Offered again";
  return "Changed";
}

function valueWords(name: string, value: unknown): string {
  if (name === "priceCents" && typeof value === "number") return euros(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null || value === "" ? "none" : String(value);
}

const WORDS: Readonly<Record<string, string>> = {
  name: "Name",
  description: "Description",
  priceCents: "Price",
  imageUrl: "Picture",
  available: "In the catalogue",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

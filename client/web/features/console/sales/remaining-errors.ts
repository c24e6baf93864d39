import type { FieldErrors } from "./read-sale-form.ts";
import type { SaleForm } from "./sale-form.ts";

/** What somebody was told when they pressed. */
export interface ToldErrors {
  readonly errors: FieldErrors;
  /** The form that the shop refused; absent where the page found it wrong by itself. */
  readonly refused?: SaleForm;
}

/**
 * What of it still holds. What the page finds wrong by itself is gone once it is right, wherever that was done; what the shop
 * said of a field, once another thing stands in it. Nothing else is told before somebody presses again.
 *
 * @param now what the page finds wrong with the form as it stands
 */
export function remainingErrors({ errors, refused }: ToldErrors, form: SaleForm, now: FieldErrors = {}): FieldErrors {
  const entries = Object.entries(errors).flatMap(([field, words]) => {
    const stillSo = refused && valueAt(refused, field) === valueAt(form, field) ? words : undefined;
    const remaining = refused ? stillSo : now[field];
    return remaining === undefined ? [] : [[field, remaining] as const];
  });
  return Object.fromEntries(entries);
}

function valueAt(form: SaleForm, field: string): string | undefined {
  const [key, inner = ""] = field.split(".");
  if (field === "items") return form.items.map((item) => item.key).join();
  const holder = inner === "" ? form : form.items.find((item) => item.key === key);
  const value = new Map<string, unknown>(Object.entries(holder ?? {})).get(inner || field);
  // Whether there are enough depends on where they come from.
  return JSON.stringify(inner === "stock" ? holder : value);
}

import type { KeyScope } from "../../shared/keys.ts";

/**
 * The scope that a key needs for a call; undefined for what no key may do: to buy, to make keys and operators, to break
 * things on purpose, and whatever is not named here. To move money (`moneyProcedure`) is a scope of its own.
 */
export function scopeOf({ path, type }: Called): KeyScope | undefined {
  if (type !== "mutation") return "read";
  return ONLY_SIGNED_IN.has(path) ? undefined : AREAS[path.split(".", 1)[0] ?? ""];
}

const AREAS: Readonly<Record<string, KeyScope>> = {
  sales: "sales",
  products: "products",
  families: "products",
  warehouses: "products",
  tasks: "tasks",
  users: "people",
};

/** Whoever gives roles could give itself more than its key has. */
const ONLY_SIGNED_IN: ReadonlySet<string> = new Set(["users.setRole"]);

interface Called {
  /** Of the procedure. */
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
}

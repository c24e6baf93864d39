import type { Check } from "./check.ts";
import { ORDER_CHECKS } from "./order-checks.ts";
import { PEOPLE_CHECKS } from "./people-checks.ts";
import { SALE_CHECKS } from "./sale-checks.ts";
import { TASK_CHECKS } from "./task-checks.ts";
import { WALLET_CHECKS } from "./wallet-checks.ts";

/** The invariants of the shop. What the database itself refuses is checked too: rows may have come around it. */
export const CHECKS: readonly Check[] = [
  ...SALE_CHECKS,
  ...WALLET_CHECKS,
  ...ORDER_CHECKS,
  ...TASK_CHECKS,
  ...PEOPLE_CHECKS,
];

/** Those that an index can answer, from the rows that are new. */
export const NEW_CHECKS: readonly Check[] = CHECKS.filter(({ isFullOnly }) => !isFullOnly);

import type { UserRole } from "../../../../../shared/users.ts";

export const ROLE_WORDS: Record<UserRole, string> = { buyer: "Buyer", auditor: "Auditor", operator: "Operator" };

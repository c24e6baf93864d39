import type { AuditEntry } from "../../../../../shared/audit.ts";
import { euros } from "../../../components/money.tsx";

/** An entry of the audit log about somebody's account, in words. What has no words of its own is called by its name. */
export function recordWords({ action, outcome, details }: RecordFacts): RecordWords {
  const { reason, key } = details;
  return {
    what: outcome === "failure" ? `Tried: ${wordsOf(action, details)}` : wordsOf(action, details),
    reason: typeof reason === "string" ? reason : undefined,
    key: isRecord(key) && typeof key.name === "string" ? key.name : undefined,
  };
}

interface RecordWords {
  readonly what: string;
  readonly reason: string | undefined;
  /** Of the operator's program that did it. */
  readonly key: string | undefined;
}

function wordsOf(action: RecordFacts["action"], { after, amountCents, all, others }: RecordFacts["details"]): string {
  if (action === "users.setActive" && isRecord(after)) return after.active === true ? "Activated" : "Deactivated";
  if (action === "wallets.credit" && typeof amountCents === "number") return `Credited ${euros(amountCents)}`;
  if (action === "users.setRole" && isRecord(after))
    return `Given the role ${after.role}${after.mayMoveMoney === true ? " with the right to move money" : ""}`;
  if (action === "users.signOut") {
    if (others === true) return "Signed out everywhere else";
    return all === true ? "Signed out everywhere" : "Signed out of one session";
  }
  if (action === "users.signIn") return "Signed in";
  return action;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

type RecordFacts = Pick<AuditEntry, "action" | "outcome" | "details">;

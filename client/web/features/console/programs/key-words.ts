import type { ApiKey, KeyScope } from "../../../../../shared/keys.ts";
import type { SignName, Tone } from "../tag.tsx";

/** What each scope lets a program do. */
export const SCOPE_WORDS: Record<KeyScope, { readonly name: string; readonly meaning: string }> = {
  read: { name: "Read", meaning: "see whatever you see in the console" },
  sales: { name: "Sales", meaning: "plan, change, pause and cancel sales" },
  products: { name: "Products", meaning: "change products and receive goods" },
  tasks: { name: "Tasks", meaning: "submit and retry tasks" },
  people: { name: "People", meaning: "deactivate accounts and end sessions" },
  money: { name: "Money", meaning: "refund and credit" },
};

/** Whether a key is taken, and if not, why. */
export function keyStatus({ works, revokedAt, expiresAt }: ApiKey, nowMs: number): KeyStatus {
  if (works) return { text: "Works", tone: "good", sign: "done" };
  if (revokedAt !== null) return { text: "Revoked", tone: "quiet", sign: "off" };
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) return { text: "Ended", tone: "quiet", sign: "off" };
  return { text: "Its owner is no active operator", tone: "bad", sign: "off" };
}

interface KeyStatus {
  readonly text: string;
  readonly tone: Tone;
  readonly sign: SignName;
}

import type { AuditAction, AuditEntry } from "../../../../../shared/audit.ts";
import type { AttemptRecord, KeyPath } from "../../../../../shared/record.ts";
import { euros } from "../../../components/money.tsx";
import { recordWords } from "../people/record-words.ts";
import { REFUSAL_LABELS } from "../refusal-labels.ts";
import type { Tone } from "../tag.tsx";
import { eventWords } from "../tasks/task-status-words.ts";

/** One thing that happened. */
export interface Step {
  readonly at: string;
  readonly title: string;
  readonly detail: string | null;
  readonly tone: Tone;
  /** Who of the staff did it, and the operator's program that did it for them. */
  readonly by?: { readonly userId: string; readonly program: string | undefined } | undefined;
}

/** All that is known of what happened, in the order of time. */
export function stepsOf(path: KeyPath): Step[] {
  const { attempt, order, requestedAt, charge, refund, task, warehouse, changes } = path;
  const steps: Step[] = [];
  if (requestedAt)
    steps.push({
      at: requestedAt,
      title: "The shop took the request",
      detail: "The click came before: the buyer's device keeps the key until it has an answer.",
      tone: "plain",
    });
  if (attempt) steps.push(decisionOf(attempt));
  if (order)
    steps.push({
      at: order.placedAt,
      title: `Ordered: ${order.lines.map(({ quantity, productName }) => `${quantity} × ${productName}`).join(", ")}`,
      detail: REPEATS,
      tone: "good",
    });
  if (charge)
    steps.push({
      at: charge.at,
      title: `Charged ${euros(charge.amountCents)}`,
      detail: `Balance before ${euros(charge.balanceBeforeCents)}, after ${euros(charge.balanceAfterCents)}.`,
      tone: "busy",
    });
  for (const entry of task?.log ?? []) {
    const { text, tone, detail } = eventWords(entry);
    steps.push({ at: entry.at, title: `Dispatch: ${text}`, detail, tone });
  }
  for (const update of warehouse ?? [])
    steps.push({
      at: update.updatedAt,
      title: `Warehouse: ${update.productName}, ${update.quantityChange > 0 ? "+" : "−"}${Math.abs(update.quantityChange)}`,
      detail: `On hand before ${update.previousStock}, after ${update.newStock}.`,
      tone: "good",
    });
  if (refund)
    steps.push({
      at: refund.refundedAt,
      title: `Gave back ${euros(refund.amountCents)}`,
      detail: `${refund.reason ?? "No reason was given."} Balance before ${euros(refund.balanceCents - refund.amountCents)}, after ${euros(refund.balanceCents)}.`,
      tone: "quiet",
      by: byOf(
        refund.actorId,
        changes.find(({ action, outcome }) => REFUNDS.has(action) && outcome === "success"),
      ),
    });
  for (const change of changes) {
    const { occurredAt, action, outcome, actorId } = change;
    // These are told above, with what they did.
    if (outcome === "success" && (action === "orders.place" || REFUNDS.has(action))) continue;
    steps.push({
      at: occurredAt,
      title: CHANGE_WORDS[action] ?? action,
      detail: outcome === "failure" ? "It failed, and changed nothing." : null,
      tone: "quiet",
      by: byOf(actorId, change),
    });
  }
  // What is of one moment stays in the order of what follows from what.
  return steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const REFUNDS: ReadonlySet<AuditAction> = new Set([
  "orders.refund",
  "orders.reject",
  "purchases.refund",
  "purchases.reject",
]);

const CHANGE_WORDS: Partial<Record<AuditAction, string>> = {
  "keys.use": "A program did it with an operator's key",
  "orders.place": "Tried to order",
  "orders.refund": "Tried to give it back",
  "orders.reject": "Tried to give back what the warehouse refused",
  "purchases.refund": "Tried to give it back",
  "purchases.reject": "Tried to give back what the warehouse refused",
  "tasks.retry": "The dispatch was begun anew by hand",
  "tasks.submit": "The task was submitted by hand",
};

function byOf(userId: string | null, change: AuditEntry | undefined): Step["by"] {
  return userId === null ? undefined : { userId, program: change && recordWords(change).key };
}

function decisionOf({ decidedAt, outcome, quantity, itemName, position, refusalMessage }: AttemptRecord): Step {
  if (outcome === "bought")
    return {
      at: decidedAt,
      title: `Bought ${quantity} × ${itemName}, number ${position}`,
      detail: REPEATS,
      tone: "good",
    };
  return {
    at: decidedAt,
    title: `Refused ${quantity} × ${itemName}: ${REFUSAL_LABELS[outcome]}`,
    detail: `The buyer was told: “${refusalMessage}” ${REPEATS}`,
    tone: "bad",
  };
}

const REPEATS = "Whatever came again with this key got the same answer and changed nothing; that is not kept.";

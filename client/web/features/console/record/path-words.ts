import type { AttemptRecord, KeyPath, RecordedOrder } from "../../../../../shared/record.ts";
import { momentWords } from "../../../app/moment-words.ts";
import { euros } from "../../../components/money.tsx";
import { REFUSAL_LABELS } from "../refusal-labels.ts";
import type { Tone } from "../tag.tsx";
import { eventWords } from "../tasks/task-status-words.ts";

/** What an operator can tell the buyer: whether this was charged, how often, and what else was. */
export function verdictOf(path: KeyPath): { tone: "good" | "bad" | "plain"; title: string; sentences: string[] } {
  const { charge, refund, attempt, saleCancelledAt } = path;
  const others = alsoCharged(path);
  const also = othersWords(path, others);
  if (!charge) {
    const why = attempt && attempt.outcome !== "bought" ? REFUSAL_LABELS[attempt.outcome] : "";
    return {
      tone: "plain",
      title: "Not charged",
      sentences: [`It was refused: ${attempt?.refusalMessage ?? why}`, also],
    };
  }
  const units = attempt?.quantity ?? 1;
  const each = units > 1 ? `, ${units} at ${euros(charge.amountCents / units)} each,` : "";
  const when = momentWords(charge.at, { withYear: true });
  const sentences = [`${euros(charge.amountCents)}${each} on ${when}, and never again for this key.`];
  if (saleCancelledAt) sentences.push(cancelledWords(saleCancelledAt, refund !== null));
  if (refund) {
    const at = momentWords(refund.refundedAt, { withYear: true });
    sentences.push(`All of it was given back on ${at}: ${refund.reason ?? "no reason was given"}.`);
  }
  return {
    tone: others.length > 0 && !refund ? "bad" : "good",
    title: refund ? "Charged once, and given back" : "Charged once",
    sentences: [...sentences, also],
  };
}

function cancelledWords(cancelledAt: string, isGivenBack: boolean): string {
  const words = `The sale was cancelled on ${momentWords(cancelledAt, { withYear: true })}, after this was bought.`;
  return isGivenBack ? words : `${words} What was bought stays bought and paid for, unless an operator gives it back.`;
}

/** What the buyer paid for besides and did not get back. */
function alsoCharged({ others: { attempts, orders } }: KeyPath): (AttemptRecord | RecordedOrder)[] {
  return [
    ...attempts.filter(({ outcome, refundedAt }) => outcome === "bought" && refundedAt === null),
    ...orders.filter(({ refundedAt }) => refundedAt === null),
  ];
}

function othersWords({ charge, order }: KeyPath, others: readonly (AttemptRecord | RecordedOrder)[]): string {
  const isOne = order === null || new Set(order.lines.map(({ productId }) => productId)).size === 1;
  if (others.length === 0)
    return `The buyer was charged for no ${charge ? "other " : ""}purchase or order of ${isOne ? "this product" : "any of these products"} within a day before and after.`;
  const count = others.length === 1 ? "one other key, which was" : `${others.length} other keys, which were`;
  const cents = others.reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0);
  const charged = charge ? "charged too" : "charged";
  const clicks = charge ? ": two clicks are two keys" : "";
  return `The buyer asked for ${isOne ? "this product" : "one of these products"} under ${count} ${charged}, ${euros(cents)} in all${clicks}. ${others.length === 1 ? "It is" : "They are"} below.`;
}

/** One thing that happened. */
export interface Step {
  readonly at: string;
  readonly title: string;
  readonly detail: string | null;
  readonly tone: Tone;
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
    });
  for (const { occurredAt, action, outcome } of changes)
    steps.push({
      at: occurredAt,
      title: `Written down: ${action}`,
      detail: outcome === "failure" ? "It failed." : null,
      tone: "quiet",
    });
  // What is of one moment stays in the order of what follows from what.
  return steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
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

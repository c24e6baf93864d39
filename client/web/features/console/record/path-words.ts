import type { KeyPath, PathInput } from "../../../../../shared/record.ts";
import { momentWords } from "../../../app/moment-words.ts";
import { euros } from "../../../components/money.tsx";
import { REFUSAL_LABELS } from "../refusal-labels.ts";

/** What an operator can tell the buyer: whether this was charged, how often, and what else was. */
export function verdictOf(path: KeyPath): { tone: "good" | "bad" | "plain"; title: string; sentences: string[] } {
  const { charge, refund, attempt, saleCancelledAt } = path;
  const also = othersWords(path);
  if (!charge) {
    const why = attempt && attempt.outcome !== "bought" ? REFUSAL_LABELS[attempt.outcome] : "";
    return {
      tone: "plain",
      title: "Not charged",
      sentences: [`It was refused: ${attempt?.refusalMessage ?? why}`, ...also.sentences],
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
    tone: also.isCharged && !refund ? "bad" : "good",
    title: refund ? "Charged once, and given back" : "Charged once",
    sentences: [...sentences, ...also.sentences],
  };
}

function cancelledWords(cancelledAt: string, isGivenBack: boolean): string {
  const words = `The sale was cancelled on ${momentWords(cancelledAt, { withYear: true })}, after this was bought.`;
  return isGivenBack ? words : `${words} What was bought stays bought and paid for, unless an operator gives it back.`;
}

/** What the buyer was charged for besides under other keys, the same product at least, and what of that came back. */
function othersWords({ charge, order, others: { attempts, orders } }: KeyPath): Besides {
  const all = [
    ...attempts
      .filter(({ outcome }) => outcome === "bought")
      .map(({ amountCents, quantity, itemName, refundedAt }) => ({
        refundedAt,
        words: `${euros(amountCents ?? 0)} for ${quantity} × ${itemName}`,
      })),
    ...orders.map(({ amountCents, orderId, contents, refundedAt }) => ({
      refundedAt,
      words: `${euros(amountCents)} for order ${orderId} (${contents})`,
    })),
  ];
  const kept = all.filter(({ refundedAt }) => refundedAt === null);
  const back = all.length - kept.length;
  const sentences = back === 0 ? [] : [`What was charged under ${keysWords(back)} was given back.`];
  if (kept.length > 0) {
    const named = kept.slice(0, NAMED_MAX).map(({ words }) => words);
    const more = kept.length > NAMED_MAX ? `; and ${kept.length - NAMED_MAX} more, below` : "";
    const besides = charge ? "besides under" : "under";
    sentences.unshift(
      `The buyer was charged ${besides} ${keysWords(kept.length)}: ${named.join("; ")}${more}.${charge ? " Two clicks are two keys." : ""}`,
    );
  } else if (back === 0) {
    const isOne = order === null || new Set(order.lines.map(({ productId }) => productId)).size === 1;
    sentences.push(
      `The buyer was charged for no ${charge ? "other " : ""}purchase or order of ${isOne ? "this product" : "any of these products"} within a day before and after.`,
    );
  }
  return { isCharged: kept.length > 0, sentences };
}

interface Besides {
  /** Whether there is something that did not come back. */
  readonly isCharged: boolean;
  readonly sentences: readonly string[];
}

function keysWords(count: number): string {
  return count === 1 ? "one other key" : `${count} other keys`;
}

/** More than that are no complaint about a double click, and stand below. */
const NAMED_MAX = 3;

/** The key as it is kept; with the one that was typed where something else stands for it. */
export function keyWords({ attempt, order }: Pick<KeyPath, "attempt" | "order">, input: PathInput): string {
  const kept = attempt?.idempotencyKey ?? order?.idempotencyKey ?? "";
  const typed = "userId" in input ? input.idempotencyKey : kept;
  return [kept, attempt?.attemptId].includes(typed.toLowerCase()) || typed === kept
    ? kept
    : `${typed}, which the record keeps as ${kept}`;
}

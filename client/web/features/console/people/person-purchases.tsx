import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { PurchaseRecord, PurchaseStatus } from "../../../../../shared/purchases.ts";
import type { User } from "../../../../../shared/users.ts";
import { doorbuster } from "../../../app/clients.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { euros } from "../../../components/money.tsx";
import { Found, Panel } from "../panel.tsx";
import type { SignName, Tone } from "../tag.tsx";
import { countWords } from "../time-words.ts";
import { ActWithReason } from "./act-with-reason.tsx";
import { Bought } from "./bought.tsx";
import { personPurchasesQuery } from "./people-queries.ts";
import { RefundDescription } from "./refund-description.tsx";

/** What somebody bought in sales. Two rows with two keys were two intents; a request that was repeated is one row. */
export function PersonPurchases({ person, renderTask, onRefunded }: PersonPurchasesProps) {
  const query = useInfiniteQuery(personPurchasesQuery(person.id));
  return (
    <Panel title="Purchases">
      <Found query={query} what="the list of purchases">
        {({ pages }) => {
          const purchases = pages.flatMap(({ items }) => items);
          if (purchases.length === 0) return <p className="text-muted">Nothing was bought in a sale.</p>;
          return (
            <>
              <ul aria-label="Purchases" className="border-t-2 border-ink">
                {purchases.map((purchase) => (
                  <PurchaseRow
                    key={purchase.purchaseId}
                    purchase={purchase}
                    buyer={person.name}
                    renderTask={renderTask}
                    onRefunded={onRefunded}
                  />
                ))}
              </ul>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}

function PurchaseRow({ purchase, buyer, renderTask, onRefunded }: { purchase: PurchaseRecord; buyer: string } & Ways) {
  const { purchaseId, itemName, quantity, position, amountCents, status } = purchase;
  const name = quantity > 1 ? `${quantity} × ${itemName}` : itemName;
  return (
    <Bought
      name={name}
      number={`Buyer number ${countWords(position)}`}
      id={purchaseId}
      idempotencyKey={purchase.idempotencyKey}
      at={purchase.purchasedAt}
      amountCents={amountCents}
      status={STATUS_WORDS[status]}
      refundedAt={purchase.refundedAt}
      because={purchase.rejectedBecause ?? purchase.refundedBecause}
      task={renderTask(purchaseId, "Its dispatch")}
    >
      {purchase.refundedAt === null && (
        <ActWithReason
          words="Refund"
          name={`Refund ${name}, buyer number ${countWords(position)}`}
          title="Refund it?"
          description={
            <RefundDescription
              what={name}
              number={`Purchase ${purchaseId}`}
              buyer={buyer}
              amountCents={amountCents}
              taskId={purchaseId}
            />
          }
          hint="The buyer reads it beside the purchase."
          act={async (reason) => {
            const result = await doorbuster.purchases.refund({ purchaseId, reason });
            if (result.outcome === "refused") throw new Error(result.message);
            const units = result.unitsReturned ? "the units can be sold again" : "the goods are on their way already";
            await onRefunded(`${euros(result.amountCents)} are back in the wallet; ${units}.`);
          }}
        />
      )}
    </Bought>
  );
}

const STATUS_WORDS: Record<PurchaseStatus, { text: string; tone: Tone; sign: SignName }> = {
  paid: { text: "Paid", tone: "plain", sign: "waiting" },
  dispatching: { text: "Being dispatched", tone: "plain", sign: "waiting" },
  dispatched: { text: "Dispatched", tone: "good", sign: "done" },
  rejected: { text: "Refused by the warehouse", tone: "bad", sign: "failed" },
  refunded: { text: "Refunded", tone: "quiet", sign: "off" },
};

interface Ways {
  readonly renderTask: (taskId: string, words: string) => ReactNode;
  /** Told in words. */
  readonly onRefunded: (words: string) => Promise<void>;
}

interface PersonPurchasesProps extends Ways {
  readonly person: User;
}

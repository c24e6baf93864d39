import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { OrderRecord, OrderStatus } from "../../../../../shared/orders.ts";
import { doorbuster } from "../../../app/clients.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { euros } from "../../../components/money.tsx";
import { Found, Panel } from "../panel.tsx";
import type { SignName, Tone } from "../tag.tsx";
import { ActWithReason } from "./act-with-reason.tsx";
import { Bought } from "./bought.tsx";
import { personOrdersQuery } from "./people-queries.ts";

/** What somebody ordered from the catalogue. */
export function PersonOrders({ userId, renderTask, onRefunded }: PersonOrdersProps) {
  const query = useInfiniteQuery(personOrdersQuery(userId));
  return (
    <Panel title="Orders">
      <Found query={query} what="the list of orders">
        {({ pages }) => {
          const orders = pages.flatMap(({ items }) => items);
          if (orders.length === 0) return <p className="text-muted">Nothing was ordered from the catalogue.</p>;
          return (
            <>
              <ul aria-label="Orders" className="border-t-2 border-ink">
                {orders.map((order) => (
                  <OrderRow key={order.orderId} order={order} renderTask={renderTask} onRefunded={onRefunded} />
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

function OrderRow({ order, renderTask, onRefunded }: { order: OrderRecord } & Ways) {
  const { orderId, amountCents } = order;
  return (
    <Bought
      name={order.lines.map(({ quantity, productName }) => `${quantity} × ${productName}`).join(", ")}
      number={`Order ${orderId}`}
      idempotencyKey={order.idempotencyKey}
      at={order.placedAt}
      amountCents={amountCents}
      status={STATUS_WORDS[order.status]}
      refundedAt={order.refundedAt}
      because={order.errorMessage}
      task={renderTask(`order-${orderId}`, "Its dispatch")}
    >
      {order.refundedAt === null && (
        <ActWithReason
          words="Refund"
          name={`Refund order ${orderId}`}
          title="Refund it?"
          description={`${euros(amountCents)} go back to the wallet. The units can be sold again unless their dispatch has begun.`}
          hint="The buyer reads it beside the order."
          act={async (reason) => {
            const result = await doorbuster.orders.refund({ orderId, reason });
            if (result.outcome === "refused") throw new Error(result.message);
            await onRefunded(`${euros(result.order.amountCents)} of order ${orderId} are back in the wallet.`);
          }}
        />
      )}
    </Bought>
  );
}

const STATUS_WORDS: Record<OrderStatus, { text: string; tone: Tone; sign: SignName }> = {
  pending: { text: "Paid", tone: "plain", sign: "waiting" },
  confirmed: { text: "Dispatched", tone: "good", sign: "done" },
  rejected: { text: "Refused by the warehouse", tone: "bad", sign: "failed" },
  refunded: { text: "Refunded", tone: "quiet", sign: "off" },
};

interface Ways {
  readonly renderTask: (taskId: string, words: string) => ReactNode;
  /** Told in words. */
  readonly onRefunded: (words: string) => Promise<void>;
}

interface PersonOrdersProps extends Ways {
  readonly userId: string;
}

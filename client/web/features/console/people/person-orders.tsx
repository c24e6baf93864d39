import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { OrderRecord, OrderStatus } from "../../../../../shared/orders.ts";
import type { User } from "../../../../../shared/users.ts";
import { doorbuster } from "../../../app/clients.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { euros } from "../../../components/money.tsx";
import { Found, Panel } from "../panel.tsx";
import type { SignName, Tone } from "../tag.tsx";
import { ActWithReason } from "./act-with-reason.tsx";
import { Bought } from "./bought.tsx";
import { personOrdersQuery } from "./people-queries.ts";
import { RefundDescription } from "./refund-description.tsx";

/** What somebody ordered from the catalogue. */
export function PersonOrders({ person, renderTask, onRefunded }: PersonOrdersProps) {
  const query = useInfiniteQuery(personOrdersQuery(person.id));
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
                  <OrderRow
                    key={order.orderId}
                    order={order}
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

function OrderRow({ order, buyer, renderTask, onRefunded }: { order: OrderRecord; buyer: string } & Ways) {
  const { orderId, amountCents } = order;
  const name = order.lines.map(({ quantity, productName }) => `${quantity} × ${productName}`).join(", ");
  const taskId = `order-${orderId}`;
  return (
    <Bought
      name={name}
      number={`Order ${orderId}`}
      idempotencyKey={order.idempotencyKey}
      at={order.placedAt}
      amountCents={amountCents}
      status={STATUS_WORDS[order.status]}
      refundedAt={order.refundedAt}
      because={order.errorMessage}
      task={renderTask(taskId, "Its dispatch")}
    >
      {order.refundedAt === null && (
        <ActWithReason
          words="Refund"
          name={`Refund order ${orderId}`}
          title="Refund it?"
          description={
            <RefundDescription
              what={name}
              number={`Order ${orderId}`}
              buyer={buyer}
              amountCents={amountCents}
              taskId={taskId}
            />
          }
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
  readonly person: User;
}

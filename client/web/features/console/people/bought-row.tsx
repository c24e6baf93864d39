import type { ReactNode } from "react";
import { useMayMoveMoney } from "../../../app/session.ts";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { ActWithReason } from "../act-with-reason.tsx";
import { PathLink } from "../record/record-links.tsx";
import { Tag } from "../tag.tsx";
import type { Bought } from "./bought.ts";
import { rereadPeople } from "./people-queries.ts";
import { RefundDescription } from "./refund-description.tsx";
import { type RenderPerson, StaffName } from "./staff-name.tsx";

/** A purchase or an order in an operator's list: what it was, under which key, where it is, and a way to give it back. */
export function BoughtRow({
  bought,
  buyer,
  seenAtMs,
  renderTask,
  renderPerson,
  onRefunded,
  onOpenChange,
}: BoughtRowProps) {
  const mayMoveMoney = useMayMoveMoney();
  const { name, place, number, amountCents, status, refundedAt, refundedBy, because, taskId } = bought;
  return (
    <li className="grid gap-y-2 border-b border-line py-3">
      <div className="flex items-start justify-between gap-x-4">
        <div className="min-w-0">
          <p className="font-semibold wrap-anywhere">{name}</p>
          <p className="text-sm text-muted">
            {place} · <When at={bought.boughtAt} />
          </p>
        </div>
        <p className={`font-bold narrow ${refundedAt === null ? "" : "text-muted line-through"}`}>
          <Money cents={amountCents} />
        </p>
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <Tag tone={status.tone} sign={status.sign}>
          {status.text}
        </Tag>
        {refundedAt !== null && <When at={refundedAt} />}
        {refundedBy !== null && (
          <span>
            by <StaffName userId={refundedBy} renderPerson={renderPerson} />
          </span>
        )}
        {because !== null && <span className="wrap-anywhere">{because}</span>}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-xs text-muted">
        <dt>Key</dt>
        <dd className="wrap-anywhere">{bought.idempotencyKey}</dd>
        {number !== place && (
          <>
            <dt>Number</dt>
            <dd className="wrap-anywhere">{number}</dd>
          </>
        )}
      </dl>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        {mayMoveMoney && (
          <ActWithReason
            form={`refund-${number}`}
            words="Refund"
            name={`Refund ${name}, ${place}`}
            title="Refund it?"
            description={
              <RefundDescription what={name} number={number} buyer={buyer} amountCents={amountCents} taskId={taskId} />
            }
            hint="The buyer reads it beside what was bought."
            isDone={refundedAt !== null}
            doneWords="It is refunded."
            seenAtMs={seenAtMs}
            reread={rereadPeople}
            act={bought.refund}
            onDone={onRefunded}
            onOpenChange={onOpenChange}
          />
        )}
        <span className="text-sm">
          <PathLink of={bought.path}>What became of it</PathLink>
        </span>
        <span className="text-sm">{renderTask(taskId, "Its dispatch")}</span>
      </div>
    </li>
  );
}

export interface BoughtRowProps {
  readonly bought: Bought;
  /** By name. */
  readonly buyer: string;
  /** When it was read, by this computer's clock. */
  readonly seenAtMs: number;
  /** A way to its dispatch. */
  readonly renderTask: (taskId: string, words: string) => ReactNode;
  /** A way to whoever gave it back. */
  readonly renderPerson: RenderPerson;
  /** Told in words. */
  readonly onRefunded: (words: string) => void;
  readonly onOpenChange: (isOpen: boolean) => void;
}

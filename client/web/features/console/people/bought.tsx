import type { ReactNode } from "react";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { type SignName, Tag, type Tone } from "../tag.tsx";

/** A purchase or an order in an operator's list: what it was, under which key, and where it is. */
export function Bought({ name, number, id, idempotencyKey, at, status, because, children, ...rest }: BoughtProps) {
  return (
    <li className="grid gap-y-2 border-b border-line py-3">
      <div className="flex items-start justify-between gap-x-4">
        <div className="min-w-0">
          <p className="font-semibold wrap-anywhere">{name}</p>
          <p className="text-sm text-muted">
            {number} · <When at={at} />
          </p>
        </div>
        <p className={`font-bold narrow ${rest.refundedAt === null ? "" : "text-muted line-through"}`}>
          <Money cents={rest.amountCents} />
        </p>
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <Tag tone={status.tone} sign={status.sign}>
          {status.text}
        </Tag>
        {rest.refundedAt !== null && <When at={rest.refundedAt} />}
        {because !== null && <span className="wrap-anywhere">{because}</span>}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-xs text-muted">
        <dt>Key</dt>
        <dd className="wrap-anywhere">{idempotencyKey}</dd>
        {id !== undefined && (
          <>
            <dt>Id</dt>
            <dd className="wrap-anywhere">{id}</dd>
          </>
        )}
      </dl>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        {children}
        <span className="text-sm">{rest.task}</span>
      </div>
    </li>
  );
}

interface BoughtProps {
  readonly name: string;
  readonly number: string;
  /** Where it is not the number. */
  readonly id?: string;
  readonly idempotencyKey: string;
  readonly at: string;
  readonly amountCents: number;
  readonly status: { readonly text: string; readonly tone: Tone; readonly sign: SignName };
  readonly refundedAt: string | null;
  /** Why it was given back. */
  readonly because: string | null;
  /** A way to its dispatch. */
  readonly task: ReactNode;
  /** What may be done about it. */
  readonly children: ReactNode;
}

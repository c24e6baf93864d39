import { useInfiniteQuery } from "@tanstack/react-query";
import { Money } from "../../../components/money.tsx";
import { REFUSAL_LABELS } from "../refusal-labels.ts";
import { Tag } from "../tag.tsx";
import { changeWords } from "./change-words.ts";
import type { FilterOf } from "./record-filter.ts";
import { ExactMoment, PathLink, PersonLink, StaffLink } from "./record-links.tsx";
import { RecordList } from "./record-list.tsx";
import { attemptsQuery, changesQuery, creditsQuery, recordedOrdersQuery, refundsQuery } from "./record-queries.ts";
import { CREDIT_WORDS, ORDER_STATUS_WORDS } from "./record-words.ts";

/** Every attempt to buy with its decision. */
export function AttemptTable({ filter }: { filter: FilterOf<"attempts"> }) {
  const query = useInfiniteQuery(attemptsQuery(filter));
  return (
    <RecordList
      query={query}
      label="Attempts"
      what="the list of attempts"
      rowKey={({ attemptId }) => attemptId}
      columns={[
        {
          name: "item",
          title: "Item",
          isHeading: true,
          cell: ({ itemName, attemptId, quantity, saleName }) => (
            <>
              <PathLink of={{ purchaseId: attemptId }}>
                {quantity} × {itemName}
              </PathLink>
              <span className="block text-sm font-normal text-muted">{saleName}</span>
            </>
          ),
        },
        { name: "who", title: "Who", cell: (row) => <PersonLink userId={row.userId}>{row.email}</PersonLink> },
        {
          name: "outcome",
          title: "Outcome",
          cell: ({ outcome, refusalMessage, position, refundedAt }) =>
            outcome === "bought" ? (
              <>
                <Tag tone="good" sign="done">
                  Bought
                </Tag>
                <span className="block text-sm text-muted">
                  number {position}
                  {refundedAt !== null && ", refunded"}
                </span>
              </>
            ) : (
              <>
                <Tag tone="quiet" sign="off" className="whitespace-normal">
                  {REFUSAL_LABELS[outcome]}
                </Tag>
                <span className="block text-sm leading-snug text-muted">{refusalMessage}</span>
              </>
            ),
        },
        {
          name: "amount",
          title: "Amount",
          isNumber: true,
          cell: ({ amountCents }) => (amountCents === null ? "–" : <Money cents={amountCents} />),
        },
        { name: "at", title: "Decided", cell: ({ decidedAt }) => <ExactMoment at={decidedAt} /> },
      ]}
    />
  );
}

/** Every order as it stands. */
export function OrderTable({ filter }: { filter: FilterOf<"orders"> }) {
  const query = useInfiniteQuery(recordedOrdersQuery(filter));
  return (
    <RecordList
      query={query}
      label="Orders"
      what="the list of orders"
      rowKey={({ orderId }) => orderId}
      columns={[
        {
          name: "order",
          title: "Order",
          isHeading: true,
          cell: ({ orderId, contents }) => (
            <>
              <PathLink of={{ orderId }}>Order {orderId}</PathLink>
              <span className="block text-sm font-normal text-muted">{contents}</span>
            </>
          ),
        },
        { name: "who", title: "Who", cell: (row) => <PersonLink userId={row.userId}>{row.email}</PersonLink> },
        {
          name: "status",
          title: "Status",
          cell: ({ status }) => {
            const { text, tone, sign } = ORDER_STATUS_WORDS[status];
            return (
              <Tag tone={tone} sign={sign}>
                {text}
              </Tag>
            );
          },
        },
        { name: "amount", title: "Amount", isNumber: true, cell: (row) => <Money cents={row.amountCents} /> },
        { name: "at", title: "Placed", cell: ({ placedAt }) => <ExactMoment at={placedAt} /> },
      ]}
    />
  );
}

/** All that was given back. */
export function RefundTable({ filter }: { filter: FilterOf<"refunds"> }) {
  const query = useInfiniteQuery(refundsQuery(filter));
  return (
    <RecordList
      query={query}
      label="Refunds"
      what="the list of refunds"
      rowKey={({ refundId }) => refundId}
      columns={[
        {
          name: "what",
          title: "What",
          isHeading: true,
          cell: ({ what, purchaseId, orderId }) => (
            <PathLink of={orderId === null ? { purchaseId: purchaseId ?? "" } : { orderId }}>{what}</PathLink>
          ),
        },
        { name: "who", title: "To", cell: (row) => <PersonLink userId={row.userId}>{row.email}</PersonLink> },
        {
          name: "why",
          title: "Why, and by whom",
          isLong: true,
          cell: ({ reason, actorId, unitsReturned }) => (
            <>
              <span className="block wrap-anywhere">{reason ?? "No reason was given."}</span>
              <span className="block text-sm text-muted">
                by {actorId === null ? "the shop itself" : <StaffLink userId={actorId} />}
                {!unitsReturned && "; the goods were on their way"}
              </span>
            </>
          ),
        },
        { name: "amount", title: "Amount", isNumber: true, cell: (row) => <Money cents={row.amountCents} /> },
        { name: "at", title: "Given back", cell: ({ refundedAt }) => <ExactMoment at={refundedAt} /> },
      ]}
    />
  );
}

/** All money that came from outside. */
export function CreditTable({ filter }: { filter: FilterOf<"credits"> }) {
  const query = useInfiniteQuery(creditsQuery(filter));
  return (
    <RecordList
      query={query}
      label="Credits"
      what="the list of credits"
      rowKey={({ creditId }) => creditId}
      columns={[
        {
          name: "who",
          title: "To",
          isHeading: true,
          cell: (row) => <PersonLink userId={row.userId}>{row.email}</PersonLink>,
        },
        {
          name: "kind",
          title: "Kind and reason",
          isLong: true,
          cell: ({ kind, reason, actorId, userId }) => (
            <>
              <span className="block">{CREDIT_WORDS[kind]}</span>
              <span className="block text-sm wrap-anywhere text-muted">
                {reason}
                {actorId !== null && actorId !== userId && (
                  <>
                    , by <StaffLink userId={actorId} />
                  </>
                )}
              </span>
            </>
          ),
        },
        { name: "amount", title: "Amount", isNumber: true, cell: (row) => <Money cents={row.amountCents} /> },
        { name: "balance", title: "Balance after", isNumber: true, cell: (row) => <Money cents={row.balanceCents} /> },
        { name: "at", title: "When", cell: ({ creditedAt }) => <ExactMoment at={creditedAt} /> },
      ]}
    />
  );
}

/** Who changed what. */
export function ChangeTable({ filter }: { filter: FilterOf<"changes"> }) {
  const query = useInfiniteQuery(changesQuery(filter));
  return (
    <RecordList
      query={query}
      label="Changes"
      what="the list of changes"
      rowKey={({ id }) => id}
      columns={[
        {
          name: "action",
          title: "What",
          isHeading: true,
          cell: ({ action, subject, outcome }) => (
            <>
              {outcome === "failure" && "Tried: "}
              {action}
              <span className="block text-sm font-normal wrap-anywhere text-muted">{subject}</span>
            </>
          ),
        },
        {
          name: "who",
          title: "By",
          cell: ({ actorId, actorKind }) =>
            actorId === null ? ACTOR_WORDS[actorKind] : <StaffLink userId={actorId} />,
        },
        {
          name: "details",
          title: "Details",
          isLong: true,
          cell: ({ details }) => <Details lines={changeWords(details)} />,
        },
        { name: "at", title: "When", cell: ({ occurredAt }) => <ExactMoment at={occurredAt} /> },
      ]}
    />
  );
}

/** What would fill the page is opened by whoever wants to read it. */
function Details({ lines }: { lines: readonly string[] }) {
  const list = (
    <ul className="text-sm leading-snug wrap-anywhere">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
  if (lines.join().length < DETAILS_LENGTH_MAX) return list;
  return (
    <details>
      <summary className="min-h-6 cursor-pointer text-sm underline underline-offset-4">All that is known</summary>
      {list}
    </details>
  );
}

const DETAILS_LENGTH_MAX = 240;

const ACTOR_WORDS = { person: "Somebody unknown", system: "The shop itself", cli: "The command line" };

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { KeyPath, PathInput } from "../../../../../shared/record.ts";
import { clockWords } from "../../../app/moment-words.ts";
import { Money } from "../../../components/money.tsx";
import { Notice } from "../../../components/notice.tsx";
import { When } from "../../../components/when.tsx";
import { isNotFound } from "../is-not-found.ts";
import { Found, Panel } from "../panel.tsx";
import type { Tone } from "../tag.tsx";
import { stepsOf } from "./path-steps.ts";
import { keyWords, verdictOf } from "./path-words.ts";
import { ExactMoment, LINK, PathLink, PersonLink, StaffLink } from "./record-links.tsx";
import { pathQuery } from "./record-queries.ts";

/** All that became of one key, from the request to the dispatch, with a sentence for whoever complains. */
export function PathPanel({ input }: { input: PathInput }) {
  const query = useQuery(pathQuery(input));
  // That there is nothing is an answer; that nothing was charged is one only where the person is known.
  if (query.error && isNotFound(query.error))
    return (
      <Notice tone="plain" title={"userId" in input ? "Not charged" : "Not found"}>
        {query.error.message}
      </Notice>
    );
  return (
    <Found query={{ ...query, dataUpdatedAt: Number.POSITIVE_INFINITY }} what="what became of it" skeleton="h-96">
      {(path) => <Path path={path} input={input} />}
    </Found>
  );
}

function Path({ path, input }: { path: KeyPath; input: PathInput }) {
  const { user, attempt, order, task, warehouse, others } = path;
  const { tone, title, sentences } = verdictOf(path);
  return (
    <div className="grid gap-4">
      <Panel title={attempt ? `${attempt.quantity} × ${attempt.itemName}` : `Order ${order?.orderId}`}>
        <Notice tone={tone} title={title}>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
        <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          <Fact name="Person">
            <PersonLink userId={user.id}>
              {user.name}, {user.email}
            </PersonLink>
            {!user.active && " (deactivated)"}
          </Fact>
          {attempt && <Fact name="Sale">{attempt.saleName}</Fact>}
          <Fact name="Key">{keyWords(path, input)}</Fact>
          <Fact name="Number">{attempt?.attemptId ?? `Order ${order?.orderId}`}</Fact>
          {task && (
            <Fact name="Dispatch">
              <Link to="/console/tasks" search={{ task: task.taskId }} preload={false} className={LINK}>
                {task.taskId}
              </Link>
            </Fact>
          )}
        </dl>
      </Panel>
      <Panel title="What happened">
        <ol aria-label="What happened" className="ml-1.5 border-l-2 border-line">
          {stepsOf(path).map((step) => (
            <li key={`${step.at} ${step.title}`} className="relative pb-4 pl-5 last:pb-0">
              <span
                aria-hidden="true"
                className={`absolute top-1.5 -left-[7px] size-3 rounded-full ring-2 ring-surface ${DOTS[step.tone]}`}
              />
              <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span className="font-semibold wrap-anywhere">{step.title}</span>
                <span className="text-sm text-muted">
                  <When at={step.at} withYear /> ·{" "}
                  <span className="figures">{clockWords(step.at, "milliseconds")}</span>
                </span>
              </p>
              {step.by && (
                <p className="text-sm leading-snug text-muted">
                  by <StaffLink userId={step.by.userId} />
                  {step.by.program !== undefined && `, through the program “${step.by.program}”`}
                </p>
              )}
              {step.detail !== null && <p className="text-sm leading-snug wrap-anywhere text-muted">{step.detail}</p>}
            </li>
          ))}
        </ol>
        {warehouse === null && (
          <p className="mt-4 text-sm text-muted">The warehouse could not be asked what it knows of it.</p>
        )}
      </Panel>
      <Others others={others} />
    </div>
  );
}

function Others({ others: { attempts, orders } }: Pick<KeyPath, "others">) {
  return (
    <Panel title="The same product, the same buyer, within a day">
      {attempts.length + orders.length === 0 ? (
        <p className="text-muted">Nothing else, neither bought nor refused.</p>
      ) : (
        <ul aria-label="The same product, the same buyer, within a day" className="border-t-2 border-ink">
          {attempts.map((each) => (
            <li key={each.attemptId} className={OTHER}>
              <span className="min-w-0">
                <PathLink of={{ purchaseId: each.attemptId }}>
                  {each.quantity} × {each.itemName}
                </PathLink>
                <span className="block text-sm text-muted">
                  {each.outcome === "bought" ? `Bought, number ${each.position}` : each.refusalMessage}
                  {each.refundedAt !== null && ", refunded"}
                </span>
                <span className="block text-xs wrap-anywhere text-muted">Key {each.idempotencyKey}</span>
              </span>
              <span className="shrink-0 text-right">
                {each.amountCents === null ? "not charged" : <Money cents={each.amountCents} />}
                <ExactMoment at={each.decidedAt} />
              </span>
            </li>
          ))}
          {orders.map((each) => (
            <li key={each.orderId} className={OTHER}>
              <span className="min-w-0">
                <PathLink of={{ orderId: each.orderId }}>Order {each.orderId}</PathLink>
                <span className="block text-sm text-muted">
                  {each.contents}
                  {each.refundedAt !== null && ", given back"}
                </span>
                <span className="block text-xs wrap-anywhere text-muted">Key {each.idempotencyKey}</span>
              </span>
              <span className="shrink-0 text-right">
                <Money cents={each.amountCents} />
                <ExactMoment at={each.placedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

const OTHER = "flex items-start justify-between gap-4 border-b border-line py-2.5";

const DOTS: Record<Tone, string> = {
  plain: "bg-ink",
  busy: "bg-flag",
  good: "bg-good",
  bad: "bg-hot",
  quiet: "bg-edge",
};

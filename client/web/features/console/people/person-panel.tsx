import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { User } from "../../../../../shared/users.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange, useMayMoveMoney, useSessionUser } from "../../../app/session.ts";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { ActWithReason } from "../act-with-reason.tsx";
import { Found } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { CreditForm } from "./credit-form.tsx";
import { personQuery, rereadPeople } from "./people-queries.ts";
import { PersonOrders, PersonPurchases } from "./person-bought.tsx";
import { PersonRecord } from "./person-record.tsx";
import { PersonRights } from "./person-rights.tsx";
import { PersonSessions } from "./person-sessions.tsx";
import { PersonStatement } from "./person-statement.tsx";
import { ROLE_WORDS } from "./role-words.ts";
import type { RenderPerson } from "./staff-name.tsx";

/** All that an operator needs to answer somebody: what they bought under which key, what moved, and what may be done about it. */
export function PersonPanel({ userId, renderTask, renderPerson }: PersonPanelProps) {
  const query = useQuery(personQuery(userId));
  return (
    <Found query={query} what="this person" skeleton="h-60">
      {(person) => (
        <Person
          key={person.id}
          person={person}
          seenAtMs={query.dataUpdatedAt}
          renderTask={renderTask}
          renderPerson={renderPerson}
        />
      )}
    </Found>
  );
}

function Person({ person, seenAtMs, renderTask, renderPerson }: PersonProps) {
  const mayChange = useMayChange();
  const mayMoveMoney = useMayMoveMoney();
  const ownId = useSessionUser()?.id;
  const heading = useRef<HTMLHeadingElement>(null);
  const [done, setDone] = useState<string>();
  // Whoever chose this person, or did something of which the button is gone by then, goes on from here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus goes with what happened, not with what is read here.
  useEffect(() => heading.current?.focus(), [person.id, done]);
  return (
    <div className="grid gap-4">
      <section aria-label="Account" className="rounded-xl bg-surface p-4 ring-1 ring-line sm:p-5">
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <h2
              ref={heading}
              tabIndex={-1}
              className="text-2xl leading-tight font-bold narrow wrap-anywhere outline-none"
            >
              {person.name}
            </h2>
            <p className="wrap-anywhere text-muted">{person.email}</p>
          </div>
          <p className="text-2xl font-bold narrow">
            <Money cents={person.balanceCents} />
          </p>
        </div>
        <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
          <Tag tone={person.active ? "good" : "bad"} sign={person.active ? "done" : "off"}>
            {person.active ? "Active" : "Deactivated"}
          </Tag>
          <span>
            {ROLE_WORDS[person.role]}
            {person.mayMoveMoney && ", may move money"}
          </span>
          <span>
            since <When at={person.createdAt} />
          </span>
          <span className="wrap-anywhere">{person.id}</span>
        </p>
        {mayChange && (
          <div className="mt-4 flex flex-wrap items-center gap-3">
            {mayMoveMoney && person.id !== ownId && <CreditForm person={person} onDone={setDone} />}
            <SetActive person={person} active={false} seenAtMs={seenAtMs} onDone={setDone} />
            <SetActive person={person} active={true} seenAtMs={seenAtMs} onDone={setDone} />
            <PersonRights person={person} seenAtMs={seenAtMs} onDone={setDone} />
          </div>
        )}
        <p role="status" className="font-medium text-good not-empty:mt-3">
          {done}
        </p>
      </section>
      <PersonPurchases person={person} renderTask={renderTask} renderPerson={renderPerson} onRefunded={setDone} />
      <PersonOrders person={person} renderTask={renderTask} renderPerson={renderPerson} onRefunded={setDone} />
      <PersonStatement userId={person.id} />
      <PersonSessions person={person} onDone={setDone} />
      <PersonRecord userId={person.id} renderPerson={renderPerson} />
    </div>
  );
}

/** One of the two states that an account may be given. */
function SetActive({ person, active, seenAtMs, onDone }: SetActiveProps) {
  const { id: userId, name } = person;
  return (
    <ActWithReason
      form={`${active ? "activate" : "deactivate"}-${userId}`}
      words={active ? "Activate" : "Deactivate"}
      title={active ? "Activate the account?" : "Deactivate the account?"}
      description={
        active
          ? `${name} can sign in and buy again.`
          : `${name} is signed out everywhere at once and can neither sign in nor buy. Keys of their programs end for good. What was bought stays bought.`
      }
      hint="For other operators: it stands in the record, and nobody else reads it."
      isDone={person.active === active}
      doneWords={active ? "The account is active." : "The account is deactivated."}
      seenAtMs={seenAtMs}
      reread={rereadPeople}
      onDone={onDone}
      act={async (reason) => {
        const { changed } = await doorbuster.users.setActive({ userId, active, reason });
        if (!changed) return undefined;
        return active ? "The account is active again." : "The account is deactivated.";
      }}
    />
  );
}

interface SetActiveProps {
  readonly person: User;
  /** As it shall be. */
  readonly active: boolean;
  readonly seenAtMs: number;
  readonly onDone: (words: string) => void;
}

interface PersonProps extends Omit<PersonPanelProps, "userId"> {
  readonly person: User;
  /** When that was read, by this computer's clock. */
  readonly seenAtMs: number;
}

interface PersonPanelProps {
  readonly userId: string;
  /** A way to the dispatch of something. */
  readonly renderTask: (taskId: string, words: string) => ReactNode;
  /** A way to somebody else. */
  readonly renderPerson: RenderPerson;
}

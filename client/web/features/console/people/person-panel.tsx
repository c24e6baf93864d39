import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { User } from "../../../../../shared/users.ts";
import { doorbuster } from "../../../app/clients.ts";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { Found } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { ActWithReason } from "./act-with-reason.tsx";
import { personQuery, rereadPeople } from "./people-queries.ts";
import { PersonOrders, PersonPurchases } from "./person-bought.tsx";
import { PersonRecord } from "./person-record.tsx";
import { PersonStatement } from "./person-statement.tsx";

/** All that an operator needs to answer somebody: what they bought under which key, what moved, and what may be done about it. */
export function PersonPanel({ userId, renderTask, renderPerson }: PersonPanelProps) {
  const query = useQuery(personQuery(userId));
  return (
    <Found query={query} what="this person" skeleton="h-60">
      {(person) => <Person person={person} renderTask={renderTask} renderPerson={renderPerson} />}
    </Found>
  );
}

function Person({ person, renderTask, renderPerson }: { person: User } & Omit<PersonPanelProps, "userId">) {
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [done, setDone] = useState<string>();
  // Whoever chose this person, or did something of which the button is gone by then, goes on from here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus goes with what happened, not with what is read here.
  useEffect(() => heading.current?.focus(), [person.id, done]);
  const say = async (words: string) => {
    await rereadPeople(queryClient);
    setDone(words);
  };
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
          <span>{person.role === "operator" ? "Operator" : "Buyer"}</span>
          <span>
            since <When at={person.createdAt} />
          </span>
          <span className="wrap-anywhere">{person.id}</span>
        </p>
        <div className="mt-4">
          <SetActive person={person} onDone={say} />
        </div>
        <p role="status" className="font-medium text-good not-empty:mt-3">
          {done}
        </p>
      </section>
      <PersonPurchases person={person} renderTask={renderTask} onRefunded={say} />
      <PersonOrders person={person} renderTask={renderTask} onRefunded={say} />
      <PersonStatement userId={person.id} />
      <PersonRecord userId={person.id} renderPerson={renderPerson} />
    </div>
  );
}

function SetActive({ person, onDone }: { person: User; onDone: (words: string) => Promise<void> }) {
  const { id: userId, name, active } = person;
  return (
    <ActWithReason
      words={active ? "Deactivate" : "Activate"}
      title={active ? "Deactivate the account?" : "Activate the account?"}
      description={
        active
          ? `${name} is signed out everywhere at once and can neither sign in nor buy. What was bought stays bought.`
          : `${name} can sign in and buy again.`
      }
      hint="For other operators: it stands in the record, and nobody else reads it."
      act={async (reason) => {
        await doorbuster.users.setActive({ userId, active: !active, reason });
        await onDone(active ? "The account is deactivated." : "The account is active again.");
      }}
    />
  );
}

interface PersonPanelProps {
  readonly userId: string;
  /** A way to the dispatch of something. */
  readonly renderTask: (taskId: string, words: string) => ReactNode;
  /** A way to somebody else. */
  readonly renderPerson: (userId: string, words: string) => ReactNode;
}

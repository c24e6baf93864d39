import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { User } from "../../../../../shared/users.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { Money } from "../../../components/money.tsx";
import { Found, Panel } from "../panel.tsx";
import { SearchField } from "../search-field.tsx";
import { Tag } from "../tag.tsx";
import { peopleQuery } from "./people-queries.ts";
import { ROLE_WORDS } from "./role-words.ts";

/** Everybody with an account, or those that the search finds. */
export function PeoplePanel({ search, onSearch, renderLink, className }: PeoplePanelProps) {
  const query = useInfiniteQuery(peopleQuery(search));
  return (
    <Panel title="People" {...(className && { className })}>
      <search className="mb-4">
        <SearchField
          label="Name, address, order number, or the id of a person or purchase"
          value={search}
          lengthMax={SEARCH_LENGTH_MAX}
          onChange={onSearch}
        />
      </search>
      <Found query={query} what="the list of people" skeleton="h-96">
        {({ pages }) => {
          const people = pages.flatMap(({ items }) => items);
          if (people.length === 0) {
            return (
              <p className="rounded-md bg-sunken px-4 py-10 text-center text-muted">
                Nobody found, and no purchase or order of that name or id.
              </p>
            );
          }
          return (
            <>
              <ul
                aria-label="People"
                aria-busy={query.isPlaceholderData || undefined}
                className="border-t-2 border-ink transition-opacity aria-busy:opacity-55"
              >
                {people.map((person) => (
                  <PersonRow key={person.id} person={person} renderLink={renderLink} />
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

function PersonRow({ person, renderLink }: { person: User; renderLink: PeoplePanelProps["renderLink"] }) {
  return (
    <li className="relative flex items-start justify-between gap-x-4 border-b border-line py-2.5 hover:bg-paper">
      <div className="min-w-0">
        <p className="font-semibold wrap-anywhere">{renderLink(person.id, person.name)}</p>
        <p className="text-sm wrap-anywhere text-muted">{person.email}</p>
      </div>
      <div className="flex shrink-0 flex-col items-end gap-1">
        <Money cents={person.balanceCents} />
        {!person.active && (
          <Tag tone="bad" sign="off">
            Deactivated
          </Tag>
        )}
        {person.role !== "buyer" && <span className="text-sm text-muted">{ROLE_WORDS[person.role]}</span>}
      </div>
    </li>
  );
}

/** What the shop takes. */
const SEARCH_LENGTH_MAX = 100;

interface PeoplePanelProps {
  /** Empty for everybody. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** A way to one of them. */
  readonly renderLink: (userId: string, words: string) => ReactNode;
  readonly className?: string;
}

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../components/button.tsx";
import { peopleQuery, personQuery } from "../people/people-queries.ts";
import { SearchField } from "../search-field.tsx";

/** Chooses whose rows are shown: found by name, address or id, and named while they are. */
export function PersonFilter({ label, userId, onChoose }: PersonFilterProps) {
  return userId === undefined ? (
    <PersonSearch label={label} onChoose={onChoose} />
  ) : (
    <ChosenPerson label={label} userId={userId} onChoose={onChoose} />
  );
}

function PersonSearch({ label, onChoose }: Omit<PersonFilterProps, "userId">) {
  const [search, setSearch] = useState("");
  const { data, error } = useInfiniteQuery({ ...peopleQuery(search), enabled: search !== "" });
  const people = search === "" ? [] : (data?.pages[0]?.items.slice(0, SHOWN_MAX) ?? []);
  return (
    <div>
      <SearchField label={`${label}: name, address or id`} value={search} lengthMax={100} onChange={setSearch} />
      <ul aria-label="People found" className="empty:hidden">
        {people.map(({ id, name, email }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onChoose(id)}
              className="min-h-11 w-full rounded-md px-3 py-1.5 text-left leading-snug wrap-anywhere hover:bg-sunken"
            >
              {name} <span className="text-muted">{email}</span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className="text-sm text-muted not-empty:mt-1.5">
        {error !== null && `People could not be looked for: ${error.message}`}
        {error === null && search !== "" && data && people.length === 0 && "Nobody is called that."}
      </p>
    </div>
  );
}

function ChosenPerson({ label, userId, onChoose }: PersonFilterProps & { userId: string }) {
  const { data } = useQuery(personQuery(userId));
  return (
    <fieldset className="flex min-w-0 flex-col text-sm">
      <legend className="mb-1.5 font-semibold">{label}</legend>
      <span className="flex min-h-11 items-center justify-between gap-2 rounded-md bg-sunken px-3 text-base">
        <span className="min-w-0 wrap-anywhere">{data ? `${data.name}, ${data.email}` : userId}</span>
        <Button look="quiet" onClick={() => onChoose(undefined)}>
          Everybody
        </Button>
      </span>
    </fieldset>
  );
}

/** Who types more of the name sees others. */
const SHOWN_MAX = 6;

interface PersonFilterProps {
  readonly label: string;
  readonly userId: string | undefined;
  readonly onChoose: (userId: string | undefined) => void;
}

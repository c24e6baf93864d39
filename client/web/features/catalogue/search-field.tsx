import { useEffect, useRef, useState } from "react";

/**
 * Searches while one types: `onSearch` hears of the words once the typing pauses, and of the words that stand there
 * with Enter. When `search` changes from elsewhere (Back, a link) the field follows.
 */
export function SearchField({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const [typed, setTyped] = useState(search);
  const lastAsked = useRef(search);
  const ask = useRef(onSearch);
  ask.current = onSearch;

  useEffect(() => {
    if (search === lastAsked.current) return;
    lastAsked.current = search;
    setTyped(search);
  }, [search]);

  useEffect(() => {
    const words = typed.trim();
    if (words === lastAsked.current) return;
    const timer = setTimeout(() => {
      lastAsked.current = words;
      ask.current(words);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <search className="w-full sm:w-80">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          lastAsked.current = typed.trim();
          onSearch(lastAsked.current);
        }}
        className="relative"
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 20 20"
          className="pointer-events-none absolute inset-y-0 left-3.5 my-auto size-5 fill-none stroke-current stroke-2 text-muted"
        >
          <circle cx="8.5" cy="8.5" r="5.5" />
          <path d="m13 13 4.5 4.5" strokeLinecap="round" />
        </svg>
        <input
          type="search"
          aria-label="Search the catalogue"
          placeholder="Search"
          enterKeyHint="search"
          autoComplete="off"
          maxLength={SEARCH_LENGTH_MAX}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="min-h-12 w-full rounded-md border border-edge bg-surface pr-3 pl-11 text-base text-ink placeholder:text-muted"
        />
      </form>
    </search>
  );
}

/** Longer than between two letters of a word, short enough to seem immediate. */
const PAUSE_MS = 250;

/** What the shop takes. */
export const SEARCH_LENGTH_MAX = 100;

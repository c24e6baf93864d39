import { useEffect, useRef, useState } from "react";
import { cn } from "../../components/cn.ts";

/** What is looked for, while one types: once the typing pauses, or with Enter. It stands in the address, and follows it. */
export function SearchField({ label, value, lengthMax, onChange, className }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const lastAsked = useRef(value);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (value === lastAsked.current) return;
    lastAsked.current = value;
    setTyped(value);
  }, [value]);
  const ask = () => {
    const words = typed.trim();
    if (words === lastAsked.current) return;
    lastAsked.current = words;
    change.current(words);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is all that it looks at.
  useEffect(() => {
    const timer = setTimeout(ask, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label className={cn("flex flex-col gap-1.5 text-sm font-semibold", className)}>
      {label}
      <input
        type="search"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        maxLength={lengthMax}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // It stands in forms too, and to look for something is never to send one.
          event.preventDefault();
          ask();
        }}
        className="min-h-11 w-full rounded-md border border-edge bg-surface px-3 text-base font-normal text-ink"
      />
    </label>
  );
}

/** Longer than between two letters of a word, short enough to seem immediate. */
const PAUSE_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  /** As it stands in the address; empty for nothing. */
  readonly value: string;
  /** What the shop takes. */
  readonly lengthMax: number;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

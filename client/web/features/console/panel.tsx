import { type ReactNode, useId, useRef } from "react";
import { Button } from "../../components/button.tsx";
import { cn } from "../../components/cn.ts";
import { Skeleton } from "../../components/skeleton.tsx";
import { messageOf } from "./action-words.ts";
import { isNotFound } from "./is-not-found.ts";
import { distanceWords } from "./time-words.ts";
import { useNowMs } from "./use-now.ts";

/** A part of the console with its name. */
export function Panel({ id, title, aside, children, className }: PanelProps) {
  const titleId = useId();
  return (
    <section
      id={id}
      aria-labelledby={titleId}
      className={cn(
        "flex min-w-0 flex-col rounded-xl bg-surface p-4 ring-1 ring-line sm:p-5 print:rounded-none print:px-0 print:ring-0",
        className,
      )}
    >
      <header className="mb-3.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={titleId} className="min-w-0 text-lg leading-tight font-bold narrow wrap-anywhere">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/**
 * Shows what a query found. A failure of its own leaves the rest of the console as it is, and what was found before stays
 * with a word about its age.
 */
export function Found<Data>({ query, what, skeleton = "h-40", children }: FoundProps<Data>) {
  // A query that has nothing yet forgets its error with each further try: the words about it stay until it succeeds.
  const lastError = useRef<{ readonly message: string }>(undefined);
  if (query.error) lastError.current = query.error;
  if (query.data !== undefined) {
    lastError.current = undefined;
    return (
      <>
        <AgeWarning what={what} query={query} />
        {children(query.data)}
      </>
    );
  }
  if (!lastError.current) {
    return (
      <div role="status" aria-label={`Loading ${what}`}>
        <Skeleton className={cn("w-full", skeleton)} />
      </div>
    );
  }
  const isFound = !isNotFound(lastError.current);
  return (
    <div role="alert" className="rounded-md border-l-4 border-hot bg-hot-soft px-4 py-3">
      <p className="font-bold text-hot">{isFound ? `${capitalised(what)} could not be loaded` : "Not found"}</p>
      <p className="mt-1 mb-3 leading-snug">
        {messageOf(lastError.current)}
        {isFound && " The console keeps asking."}
      </p>
      <Button look="plain" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </div>
  );
}

/** Numbers that stand still look like good news: says so when they are old. */
function AgeWarning({ what, query }: Pick<FoundProps<unknown>, "what" | "query">) {
  useNowMs();
  const nowMs = Date.now();
  const isOld = nowMs - query.dataUpdatedAt > OLD_MS;
  return (
    <p aria-live="polite" className="text-sm leading-snug font-medium text-hot not-empty:mb-3">
      {isOld && `${capitalised(what)} was last seen ${distanceWords(query.dataUpdatedAt, nowMs)}. `}
      {isOld && query.error && messageOf(query.error)}
    </p>
  );
}

/** Several rounds of asking went unanswered. */
const OLD_MS = 8_000;

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface PanelProps {
  /** For an address that points at it. */
  readonly id?: string;
  readonly title: string;
  /** Stands at the end of the heading's line. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

interface FoundProps<Data> {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: { readonly message: string } | null;
    readonly dataUpdatedAt: number;
    readonly refetch: () => Promise<unknown>;
  };
  /** The subject of a sentence, for example "the stock". */
  readonly what: string;
  readonly skeleton?: string;
  readonly children: (data: Data) => ReactNode;
}

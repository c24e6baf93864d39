import { momentWords } from "../app/moment-words.ts";

/** A moment in the reader's time zone; on paper that is kept it stands with its year. */
export function When({ at, withYear = false }: { at: string; withYear?: boolean }) {
  return (
    <time dateTime={at} className="figures">
      {momentWords(at, { withYear })}
    </time>
  );
}

import { momentWords } from "../app/moment-words.ts";

/** A moment in the reader's time zone. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} className="figures">
      {momentWords(at)}
    </time>
  );
}

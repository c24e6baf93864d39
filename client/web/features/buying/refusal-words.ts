import { REFUSALS, type RefusalCode } from "../../../../shared/refusals.ts";

/** What a refusal says on the card: what happened, then what the buyer can do. */
export interface RefusalWords {
  readonly title: string;
  readonly text: string;
}

/**
 * @param message the server's sentence, with the facts (how far behind, how much is missing) as they were when it was decided
 * @param startsAt when the sale starts, already in words for a person
 */
export function refusalWords({ code, message, startsAt }: RefusalFacts): RefusalWords {
  const { title, text } = REFUSALS[code];
  return { title, text: text.replace("{message}", () => message).replace("{startsAt}", () => startsAt) };
}

export interface RefusalFacts {
  readonly code: RefusalCode;
  readonly message: string;
  readonly startsAt: string;
}

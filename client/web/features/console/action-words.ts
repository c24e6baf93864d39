import { DoorbusterError } from "../../../sdk/errors.ts";
import { isUnknown } from "../../app/action-words.ts";

/**
 * Says what is known of something that was asked for and failed: that it was done, that it was not, or that nobody knows, and
 * then whether to ask again.
 */
export function actionWords(
  error: Error,
  { isLooking, isOffline, isDone = false, look, title = "That was not done" }: ActionKnown,
): ActionWords {
  if (!isUnknown(error)) return { tone: "bad", title, words: messageOf(error) };
  if (isDone) return { tone: "good", title: "It was done", words: FOUND_DONE };
  const unknown = (words: string) => ({ tone: "bad" as const, title: "It is not known whether this was done", words });
  if (isLooking) {
    return unknown(
      isOffline
        ? "You are offline: the page looks as soon as you are back on the network."
        : "No answer came: the page is looking.",
    );
  }
  // What the client says of such a failure is for programs.
  return unknown(`No answer came. ${look ?? "Ask for it again to find out: it is done once."}`);
}

/** Of what an answer was lost to, and is there. */
export const FOUND_DONE = "The answer to your try was lost, and the shop was read again.";

/** What a refusal says to people: what the validator says of an input, and what a program sends next, is for programs. */
export function messageOf(error: { readonly message: string }): string {
  if (error instanceof DoorbusterError && error.code === "CHANGED_MEANWHILE") {
    return error.message.replace(WHEN_AND_HOW, "").replace(SEND_NEXT, "");
  }
  const issues = error instanceof DoorbusterError && error.code === "INVALID_INPUT" ? error.issues : undefined;
  const [first] = issues ?? [];
  if (!first) return error.message;
  return VALIDATOR_WORDS.test(first.message) ? "The shop cannot take what stands here." : sentenceOf(first.message);
}

/** As `changedMeanwhile` of the server writes them. */
const WHEN_AND_HOW = /, at \S+ \([\w.]+\)(?=\.)/;
const SEND_NEXT = / What you send after that carries edits: \d+\./;

/** How zod begins each message of its own. */
const VALIDATOR_WORDS = /^(?:Invalid|Too (?:big|small)|Unrecognized)\b/;

function sentenceOf(words: string): string {
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

export interface ActionKnown {
  /** Whether the shop is being read again to find out. */
  readonly isLooking: boolean;
  readonly isOffline: boolean;
  /** Whether the shop shows it done. */
  readonly isDone?: boolean | undefined;
  /** Where it may be done twice if it is asked for again: what to look at before. */
  readonly look?: string | undefined;
  /** For one that is known not to have been done. */
  readonly title?: string | undefined;
}

interface ActionWords {
  readonly tone: "good" | "bad";
  readonly title: string;
  readonly words: string;
}

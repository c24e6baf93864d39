/** Whether something of the text can be seen: neither space nor ignorable nor a mark that has no letter under it. */
export function canBeSeen(text: string): boolean {
  return text.replace(UNSEEN, "") !== "";
}

/**
 * Whether the text holds characters that turn the direction of what is written around it: with them a name can pass for
 * another, and spill over into the words of the page. Arabic and Hebrew need none of them, nor do emoji, whose joiners are
 * others.
 */
export function turnsDirection(text: string): boolean {
  return DIRECTION_CONTROLS.test(text);
}

/** U+2800 is the pattern of Braille without a dot: a symbol that shows nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

/** Embeddings, overrides and isolates, and what ends them. */
const DIRECTION_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/;

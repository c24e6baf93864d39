/**
 * Hints travel as the text of notifications: who sends them, then the ids of the sales that have changed. PostgreSQL
 * takes at most 8,000 bytes in one notification, so many sales make several texts.
 */
export function hintTexts(sender: string, saleIds: readonly number[]): string[] {
  const texts: string[] = [];
  for (let start = 0; start < saleIds.length; start += IDS_PER_TEXT) {
    texts.push([sender, ...saleIds.slice(start, start + IDS_PER_TEXT)].join(" "));
  }
  return texts;
}

/** The sales that another process says have changed; none for what this process has sent, or for foreign text. */
export function hintsIn(text: string, self: string): number[] {
  const [sender, ...ids] = text.split(" ");
  if (sender === self) return [];
  return ids.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
}

/** An id has at most 16 digits. */
const IDS_PER_TEXT = 400;

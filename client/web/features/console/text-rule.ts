/**
 * What is wrong with a text that the shop does not take: it is too long, or holds what nobody can read.
 *
 * @param what the subject of the sentence, for example "A name"
 */
export function textRule(what: string, text: string, max: number): string {
  const { length } = text.trim();
  if (length > max) return `${what} has at most ${COUNT.format(max)} characters, and this has ${COUNT.format(length)}.`;
  return `${what} is made of characters that can be seen: this holds hidden ones, or ones that turn the direction of writing. Please type it anew.`;
}

const COUNT = new Intl.NumberFormat("en-IE");

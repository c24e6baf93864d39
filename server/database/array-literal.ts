/**
 * Writes a (nested) array as PostgreSQL's array literal. Elements are turned to text by `elementText`; null and
 * undefined become NULL.
 */
export function writeArrayLiteral(array: readonly unknown[], elementText: (value: unknown) => string | null): string {
  const bare = bareElements(array);
  if (bare !== undefined) return `{${bare}}`;
  let literal = "{";
  for (let index = 0; index < array.length; index++) {
    if (index > 0) literal += ",";
    const element = array[index];
    if (typeof element === "number") literal += element;
    else if (typeof element === "string") literal += quoted(element);
    else if (Array.isArray(element)) literal += writeArrayLiteral(element, elementText);
    else {
      const text = elementText(element);
      literal += text === null ? "NULL" : quoted(text);
    }
  }
  return `${literal}}`;
}

/**
 * The elements as they are when all are numbers or identifiers: statements of a crowd carry thousands of these, and joined
 * at once they cost a fraction of what they do one by one.
 */
function bareElements(array: readonly unknown[]): string | undefined {
  for (const element of array) {
    if (typeof element !== "number" && !(typeof element === "string" && IDENTIFIER.test(element))) return undefined;
  }
  return array.join(",");
}

/** Nothing else can be meant by it, so it needs no quotes: UUIDs, for example. */
const IDENTIFIER = /^[\da-f-]+$/;

/** Every other text is quoted, so that none (empty, "NULL", with commas or braces) can mean anything but itself. */
function quoted(text: string): string {
  if (!text.includes('"') && !text.includes("\\")) return `"${text}"`;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Reads PostgreSQL's array literal, nested as deep as it is; `element` turns each element that is not NULL. */
export function readArrayLiteral(literal: string, element: (text: string) => unknown): unknown[] {
  // Arrays with other lower bounds than 1 start with them: "[0:1]={…}".
  const start = literal.indexOf("{");
  return readElements(literal, start + 1, element).elements;
}

function readElements(
  literal: string,
  start: number,
  element: (text: string) => unknown,
): { elements: unknown[]; end: number } {
  const elements: unknown[] = [];
  let at = start;
  while (at < literal.length && literal[at] !== "}") {
    if (literal[at] === ",") {
      at++;
    } else if (literal[at] === "{") {
      const nested = readElements(literal, at + 1, element);
      elements.push(nested.elements);
      at = nested.end;
    } else if (literal[at] === '"') {
      const quoted = readQuoted(literal, at + 1);
      elements.push(element(quoted.text));
      at = quoted.end;
    } else {
      const end = endOfBare(literal, at);
      const text = literal.slice(at, end);
      elements.push(text === "NULL" ? null : element(text));
      at = end;
    }
  }
  return { elements, end: at + 1 };
}

function readQuoted(literal: string, start: number): { text: string; end: number } {
  let text = "";
  let at = start;
  while (at < literal.length && literal[at] !== '"') {
    if (literal[at] === "\\") at++;
    text += literal[at];
    at++;
  }
  return { text, end: at + 1 };
}

function endOfBare(literal: string, start: number): number {
  let at = start;
  while (at < literal.length && literal[at] !== "," && literal[at] !== "}") at++;
  return at;
}

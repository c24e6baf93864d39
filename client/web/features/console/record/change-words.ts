/**
 * The details of a change, a line each: what was and what became of it where both are known, whatever they are about.
 * Nothing of them is left out: it is a record.
 */
export function changeWords(details: Readonly<Record<string, unknown>>): string[] {
  const { before, after, ...rest } = details;
  const changed =
    isRecord(before) && isRecord(after)
      ? Object.keys({ ...before, ...after })
          .filter((name) => textOf(before[name]) !== textOf(after[name]))
          .map((name) => `${name}: ${textOf(before[name])} → ${textOf(after[name])}`)
      : Object.entries({ before, after }).flatMap(([name, value]) =>
          value === undefined ? [] : [`${name}: ${textOf(value)}`],
        );
  return [...changed, ...Object.entries(rest).map(([name, value]) => `${name}: ${textOf(value)}`)];
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

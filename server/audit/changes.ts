/** The values that are given and differ from what is there. */
export function changesOf<Values extends object>(
  before: Values,
  given: { [Name in keyof Values]?: Values[Name] | undefined },
) {
  const names = Object.keys(given) as (keyof Values)[];
  const changed = names.filter((name) => given[name] !== undefined && given[name] !== before[name]);
  return Object.fromEntries(changed.map((name) => [name, given[name]])) as Partial<Values>;
}

/** Of the values, those whose names stand among `names`. */
export function pick(values: object, names: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in names));
}

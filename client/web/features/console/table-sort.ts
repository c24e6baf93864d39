/** By which column a table is sorted, and which way. */
export interface TableSort<Name extends string = string> {
  readonly by: Name;
  readonly isDescending: boolean;
}

/** As it stands in the address: `name`, or `-name` for the other way. What is no column is the default. */
export function sortOf<Name extends string>(
  text: string | undefined,
  names: readonly Name[],
  byDefault: TableSort<Name>,
): TableSort<Name> {
  const isDescending = text?.startsWith("-") ?? false;
  const by = names.find((name) => name === (isDescending ? text?.slice(1) : text));
  return by === undefined ? byDefault : { by, isDescending };
}

export function sortText({ by, isDescending }: TableSort): string {
  return isDescending ? `-${by}` : by;
}

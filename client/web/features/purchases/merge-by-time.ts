import type { Bought } from "./bought.ts";

/**
 * Several lists, each read page by page from its newest entry on, as one list by time. What is older than the last entry
 * of a list that goes on is kept back: something of that list may belong before it.
 */
export function mergeByTime(lists: readonly PartOfList[]): Merged {
  const oldestMs = (list: PartOfList) => Date.parse(list.entries.at(-1)?.boughtAt ?? "");
  const horizonMs = Math.max(...lists.filter(({ hasMore }) => hasMore).map(oldestMs));
  return {
    entries: lists
      .flatMap(({ entries }) => entries)
      .filter(({ boughtAt }) => Date.parse(boughtAt) >= horizonMs)
      .sort((a, b) => Date.parse(b.boughtAt) - Date.parse(a.boughtAt)),
    behind: lists.flatMap((list, index) => (list.hasMore && oldestMs(list) === horizonMs ? [index] : [])),
  };
}

export interface PartOfList {
  readonly entries: readonly Bought[];
  readonly hasMore: boolean;
}

export interface Merged {
  readonly entries: Bought[];
  /** Which lists to read on, so that more can be shown. */
  readonly behind: number[];
}

import { queryClient } from "../../../app/clients.ts";
import { READING } from "../../../app/queries.ts";
import { watching } from "../console-queries.ts";

export const keysQuery = watching.keys.list.queryOptions(undefined, { ...READING, refetchInterval: 10_000 });

export function rereadKeys(): Promise<unknown> {
  return queryClient.invalidateQueries({ queryKey: watching.keys.pathKey() });
}

import { z } from "zod";

/** The last head of a chain: what can be published, and later be held against the store. Times are ISO 8601 in UTC. */
export const chainHeadSchema = z.object({
  /** `item:12` for the attempts at an item, else the table of records. */
  chain: z.string(),
  /** Of the set that it is the head of, from 1. */
  number: z.int(),
  /** SHA-256, in hexadecimal. */
  head: z.string(),
});
export type ChainHead = z.infer<typeof chainHeadSchema>;

/** Where something sealed is not as it was: the first such place. */
export const chainFindingSchema = z.object({
  kind: z.enum(["changed", "removed", "inserted", "unsealed", "set", "published"]),
  chain: z.string(),
  /** Null where no set has the row. */
  number: z.int().nullable(),
  /** Of the row; null where it is none. */
  id: z.string().nullable(),
  /** A sentence. */
  message: z.string(),
});
export type ChainFinding = z.infer<typeof chainFindingSchema>;

export const chainResultSchema = z.object({
  ok: z.boolean(),
  finding: chainFindingSchema.nullable(),
  /** Rows that are in sets and were looked at. */
  rows: z.int(),
  sets: z.int(),
  /** Everything that was recorded before this is sealed; null where nothing ever was. */
  sealedUntil: z.string().nullable(),
  /** Seconds since then. */
  ageSeconds: z.number().nullable(),
});
export type ChainResult = z.infer<typeof chainResultSchema>;

import { z } from "zod";
import { readableSchema, reasonSchema, timestampSchema, uuidSchema } from "./primitives.ts";

/**
 * What a key may be used for, each within what its owner may do: to read whatever the owner sees, and to change sales,
 * products, tasks or people, or to move money.
 */
export const KEY_SCOPES = ["read", "sales", "products", "tasks", "people", "money"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** How a key begins, so that it is told from a session's token, and found where it was left by mistake. */
export const KEY_PREFIX = "dbk_";

export const createKeyInputSchema = z.strictObject({
  /** Which program has it. */
  name: readableSchema({ min: 1, max: 80 }),
  scopes: z
    .array(z.enum(KEY_SCOPES))
    .min(1, "A key needs a scope")
    .refine((scopes) => new Set(scopes).size === scopes.length, "Each scope once"),
  /** Left out: until it is revoked. */
  expiresAt: timestampSchema.optional(),
});
export type CreateKeyInput = z.infer<typeof createKeyInputSchema>;

export const revokeKeyInputSchema = z.strictObject({ keyId: uuidSchema, reason: reasonSchema });
export type RevokeKeyInput = z.infer<typeof revokeKeyInputSchema>;

/** A key as staff see it. The key itself is shown once, when it is made. */
export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly ownerId: string;
  readonly ownerName: string;
  readonly createdAt: string;
  /** To the minute; null until it is used. */
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Whether it is taken: neither revoked nor expired, and of an operator who is active. */
  readonly works: boolean;
}

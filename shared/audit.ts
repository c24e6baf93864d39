import { z } from "zod";
import { pageInputSchema, textSchema, timestampSchema, uuidSchema } from "./primitives.ts";

export const AUDIT_OUTCOMES = ["success", "failure"] as const;

/** Filters hold together. A word that ends in `*` stands for all that begin so: `orders.*`, `sale:*`. */
export const listAuditInputSchema = pageInputSchema
  .extend({
    actorId: uuidSchema.optional(),
    action: textSchema({ min: 1, max: 100 }).optional(),
    subject: textSchema({ min: 1, max: 200 }).optional(),
    outcome: z.enum(AUDIT_OUTCOMES).optional(),
    /** From this time on. */
    from: timestampSchema.optional(),
    /** Before this time. */
    to: timestampSchema.optional(),
  })
  .prefault({});
export type ListAuditInput = z.infer<typeof listAuditInputSchema>;

/** Who did what to what, newest first. Times are ISO 8601 in UTC. */
const auditEntrySchema = z.object({
  id: z.int(),
  occurredAt: z.string(),
  /** Null when the system itself acted. */
  actorId: uuidSchema.nullable(),
  /** For example `sales.pause`. */
  action: z.string(),
  /** For example `sale:12`. */
  subject: z.string(),
  outcome: z.enum(AUDIT_OUTCOMES),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

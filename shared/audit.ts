import { z } from "zod";
import { pageInputSchema, textSchema, timestampSchema, uuidSchema } from "./primitives.ts";

export const AUDIT_OUTCOMES = ["success", "failure"] as const;

/** Somebody who is signed in or whose order it is; the shop by itself; whoever may run the command line. */
export const AUDIT_ACTOR_KINDS = ["person", "system", "cli"] as const;
export type AuditActorKind = (typeof AUDIT_ACTOR_KINDS)[number];

/** All that stands in the audit log: what is done, by which kinds of actor, and what it is done to. */
export const AUDIT_ACTIONS = {
  "families.create": { by: ["person"], to: ["family"] },
  "families.remove": { by: ["person"], to: ["family"] },
  "families.update": { by: ["person"], to: ["family"] },
  // Of operators' programs. What a key does stands under what was done, with the key in the details.
  "keys.create": { by: ["person"], to: ["key"] },
  // Also by whoever takes the rights of its owner that it needs.
  "keys.revoke": { by: ["person", "cli"], to: ["key"] },
  // Beside what the database writes down by itself, which knows nothing of keys.
  "keys.use": { by: ["person"], to: ["order"] },
  "operations.chaos": { by: ["person"], to: ["warehouse"] },
  "operations.deleteRehearsal": { by: ["person"], to: ["rehearsal"] },
  "operations.rehearse": { by: ["person"], to: ["rehearsal"] },
  "operations.stopRehearsal": { by: ["person"], to: ["rehearsal"] },
  // Through the database too, by whoever has a connection to it; `customer` where no order came of it.
  "orders.place": { by: ["person"], to: ["order", "customer"] },
  "orders.refund": { by: ["person"], to: ["order"] },
  // What the warehouse refuses for good.
  "orders.reject": { by: ["system"], to: ["order"] },
  "pictures.upload": { by: ["person"], to: ["picture"] },
  "products.create": { by: ["person"], to: ["product"] },
  "products.receive": { by: ["person"], to: ["product"] },
  "products.update": { by: ["person"], to: ["product"] },
  "purchases.refund": { by: ["person"], to: ["purchase"] },
  "purchases.reject": { by: ["system"], to: ["purchase"] },
  // Before its first byte, with the filter.
  "record.export": { by: ["person"], to: ["export"] },
  "sales.addCodes": { by: ["person"], to: ["sale"] },
  "sales.adjustStock": { by: ["person"], to: ["item"] },
  "sales.cancel": { by: ["person"], to: ["sale"] },
  // The system makes the demo sales.
  "sales.create": { by: ["person", "system"], to: ["sale"] },
  "sales.pause": { by: ["person"], to: ["sale"] },
  "sales.removeCode": { by: ["person"], to: ["sale"] },
  "sales.resume": { by: ["person"], to: ["sale"] },
  "sales.returnLeftovers": { by: ["system"], to: ["sale"] },
  "sales.update": { by: ["person"], to: ["sale"] },
  "tasks.retry": { by: ["person"], to: ["task"] },
  "tasks.submit": { by: ["person"], to: ["task"] },
  "users.setActive": { by: ["person"], to: ["user"] },
  // The system makes the demo accounts.
  "users.setRole": { by: ["person", "cli", "system"], to: ["user"] },
  "users.signIn": { by: ["person"], to: ["user"] },
  // By an operator: one session of somebody, or all of them.
  "users.signOut": { by: ["person"], to: ["user"] },
  "wallets.credit": { by: ["person"], to: ["user"] },
  "warehouses.create": { by: ["person"], to: ["warehouse"] },
  "warehouses.rename": { by: ["person"], to: ["warehouse"] },
} as const satisfies Record<string, { by: readonly AuditActorKind[]; to: readonly string[] }>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** An entry as it is written: each action with the actors and the subjects that it may have, and no other. */
export type AuditRecord<A extends AuditAction = AuditAction> = A extends AuditAction
  ? {
      readonly action: A;
      readonly subject: SubjectOf<(typeof AUDIT_ACTIONS)[A]["to"][number]>;
      /** Default: success. */
      readonly outcome?: (typeof AUDIT_OUTCOMES)[number];
      /** Whatever helps to understand it later, for example the values before and after. */
      readonly details: Record<string, unknown>;
    } & ActorOf<(typeof AUDIT_ACTIONS)[A]["by"][number]>
  : never;

/** There is one warehouse service, which is `warehouse`; all else is one of many. */
type SubjectOf<K extends string> = `${K}:${string}` | (K extends "warehouse" ? K : never);

type ActorOf<K extends AuditActorKind> = K extends "person"
  ? { readonly actorKind: K; readonly actorId: string }
  : { readonly actorKind: K; readonly actorId: null };

/** Filters hold together. A word that ends in `*` stands for all that begin so: `orders.*`, `sale:*`. */
export const listAuditInputSchema = pageInputSchema
  .extend({
    actorKind: z.enum(AUDIT_ACTOR_KINDS).optional(),
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
export const auditEntrySchema = z.object({
  id: z.int(),
  occurredAt: z.string(),
  actorKind: z.enum(AUDIT_ACTOR_KINDS),
  /** Of a person; null in the order of nobody, too, which is refused. */
  actorId: uuidSchema.nullable(),
  action: z.enum(Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]]),
  /** For example `sale:12`. */
  subject: z.string(),
  outcome: z.enum(AUDIT_OUTCOMES),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

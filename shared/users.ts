import { z } from "zod";
import { pageInputSchema, reasonSchema, textSchema, uuidSchema } from "./primitives.ts";

/**
 * A buyer buys; an auditor sees everything in the console and changes nothing; an operator changes it. Moving money (refunds and
 * credits) is a right of its own that an operator may have besides.
 */
export const USER_ROLES = ["buyer", "auditor", "operator"] as const;
export type UserRole = (typeof USER_ROLES)[number];

const userSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  role: z.enum(USER_ROLES),
  /** Only ever true for an operator. */
  mayMoveMoney: z.boolean(),
  active: z.boolean(),
  balanceCents: z.int(),
  createdAt: z.string(),
});
export type User = z.infer<typeof userSchema>;

/** `search`: a part of the name or of the e-mail address, whatever the case; or the id of a user or of a purchase, or an order's number. */
export const listUsersInputSchema = pageInputSchema
  .extend({ search: textSchema({ min: 0, max: 100 }).optional() })
  .prefault({});
export type ListUsersInput = z.infer<typeof listUsersInputSchema>;
export const userIdInputSchema = z.strictObject({ userId: uuidSchema });
export const setActiveInputSchema = z.strictObject({
  userId: uuidSchema,
  active: z.boolean(),
  /** For other operators: the user does not read it. */
  reason: reasonSchema.optional(),
});
export type SetActiveInput = z.infer<typeof setActiveInputSchema>;

export interface SetActiveResult extends User {
  /** False where the user was so already: nothing was done, and the reason is not written down. */
  readonly changed: boolean;
}

/** Gives and takes the role and, of an operator, the right to move money. For other staff: the user does not read the reason. */
export const setRoleInputSchema = z
  .strictObject({ userId: uuidSchema, role: z.enum(USER_ROLES), mayMoveMoney: z.boolean(), reason: reasonSchema })
  .refine(({ role, mayMoveMoney }) => role === "operator" || !mayMoveMoney, {
    path: ["mayMoveMoney"],
    message: "Only an operator can have the right to move money",
  });
export type SetRoleInput = z.infer<typeof setRoleInputSchema>;

/** `changed` is false where the user had these rights already. */
export type SetRoleResult = SetActiveResult;

/** One session, or all of them where none is named. */
export const signOutInputSchema = z.strictObject({
  userId: uuidSchema,
  sessionId: uuidSchema.optional(),
  reason: reasonSchema,
});
export type SignOutInput = z.infer<typeof signOutInputSchema>;

/** One of one's own sessions; with `others`, all but that one. */
export const endMySessionsInputSchema = z.strictObject({ sessionId: uuidSchema, others: z.boolean().default(false) });
export type EndMySessionsInput = z.infer<typeof endMySessionsInputSchema>;

/** Where somebody is signed in. Nothing here helps to act for them. */
export interface UserSession {
  readonly sessionId: string;
  readonly startedAt: string;
  /** To the day: use is written down once a day. */
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  /** From where it was begun; null where that is not known, as of sessions made for load tests. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

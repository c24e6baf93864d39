import { z } from "zod";
import { uuidSchema } from "../../shared/primitives.ts";
import { changePasswordInputSchema, signInInputSchema, signUpInputSchema } from "../../shared/rest.ts";
import { USER_ROLES } from "../../shared/users.ts";
import { type Operation, SERVED_FAULTS } from "../http/openapi/operation.ts";

const accountSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  role: z.enum(USER_ROLES),
  mayMoveMoney: z.boolean(),
  active: z.boolean(),
});

const signedInSchema = z
  .object({
    token: z.string().describe("To be sent as `Authorization: Bearer <token>`"),
    user: accountSchema,
  })
  .meta({ id: "SignedIn" });

export const SIGN_UP: Operation = {
  id: "signUp",
  tag: "Accounts",
  summary: "Make an account",
  description: "Signs in as well: with a cookie for a browser, with the token for a program. The wallet is empty.",
  needs: "nothing",
  body: signUpInputSchema,
  example: { email: "you@example.com", password: "at least 8 characters" },
  answers: { 200: { says: "Made, and signed in", schema: signedInSchema } },
  faults: [...SERVED_FAULTS, "EMAIL_TAKEN"],
};

export const SIGN_IN: Operation = {
  id: "signIn",
  tag: "Accounts",
  summary: "Sign in",
  description: "An unknown account and a wrong password are answered alike.",
  needs: "nothing",
  body: signInInputSchema,
  example: { email: "buyer@example.com", password: "doorbuster-demo" },
  answers: { 200: { says: "Signed in", schema: signedInSchema } },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "CUSTOMER_INACTIVE"],
};

export const CHANGE_PASSWORD: Operation = {
  id: "changePassword",
  tag: "Accounts",
  summary: "Change one's password",
  description: "Begins a new session, and ends all others.",
  needs: "session",
  body: changePasswordInputSchema,
  example: { currentPassword: "doorbuster-demo", newPassword: "at least 8 characters" },
  answers: { 200: { says: "Changed, and signed in anew", schema: signedInSchema } },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "CUSTOMER_INACTIVE"],
};

export const SIGN_OUT: Operation = {
  id: "signOut",
  tag: "Accounts",
  summary: "End the session on the server",
  needs: "session",
  answers: { 200: { says: "Ended, if there was one", schema: z.object({ success: z.boolean() }) } },
  faults: SERVED_FAULTS,
};

export const GET_SESSION: Operation = {
  id: "getSession",
  tag: "Accounts",
  summary: "Who one is",
  needs: "session",
  answers: {
    200: {
      says: "The session, or null",
      schema: z
        .object({ session: z.object({ userId: uuidSchema, expiresAt: z.string() }), user: accountSchema })
        .nullable(),
    },
  },
  faults: SERVED_FAULTS,
};

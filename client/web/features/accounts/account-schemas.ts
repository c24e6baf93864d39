// The small build of zod: these forms are on the way of every visitor who wants to buy.
import * as z from "zod/mini";
import { passwordLengthProblem } from "../../../../shared/passwords.ts";
import { canBeSeen, turnsDirection } from "../../../../shared/readable-text.ts";

const emailSchema = z.email("Please enter an e-mail address, such as kim@example.com.");

export const signInSchema = z.object({
  email: emailSchema,
  password: z.string().check(z.minLength(1, "Please enter your password.")),
});

// What else makes a password a bad one is known to the server, which says so at the field.
const newPasswordSchema = z.string().check(({ value, issues }) => {
  const message = passwordLengthProblem(value);
  if (message !== undefined) issues.push({ code: "custom", input: value, message });
});

export const changePasswordSchema = z.object({
  currentPassword: z.string().check(z.minLength(1, "Please enter the password that you have now.")),
  newPassword: newPasswordSchema,
});

export const signUpSchema = z.object({
  name: z.string().check(
    z.trim(),
    z.refine(canBeSeen, "Please enter your name."),
    z.refine((name) => !turnsDirection(name), "Please leave out the characters that turn the direction of writing."),
    z.maxLength(100, "Please use at most 100 characters."),
  ),
  email: emailSchema,
  password: newPasswordSchema,
});

/** What a form's fields are parsed by. */
export type FormSchema<Input> = z.ZodMiniType<Input>;

/** The first problem of each field, in words; undefined when there is none. */
export function fieldErrors(error: z.core.$ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.issues) errors[String(path[0] ?? "")] ??= message;
  return errors;
}

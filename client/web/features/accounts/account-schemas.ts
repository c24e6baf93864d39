import { z } from "zod";

const emailSchema = z.email("Please enter an e-mail address, such as kim@example.com.");

export const signInSchema = z.object({
  email: emailSchema,
  password: z.string().min(1, "Please enter your password."),
});

export const signUpSchema = z.object({
  name: z.string().trim().min(1, "Please enter your name.").max(100, "Please use at most 100 characters."),
  email: emailSchema,
  password: z.string().min(8, "Please use at least 8 characters.").max(128, "Please use at most 128 characters."),
});

/** The first problem of each field, in words; undefined when there is none. */
export function fieldErrors(error: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of error.issues) errors[String(path[0] ?? "")] ??= message;
  return errors;
}

import { AccountError } from "../../app/sign-in.ts";

/** What to tell somebody whose sign-in or sign-up was not accepted. */
export function accountWords(error: unknown): string {
  if (!(error instanceof AccountError)) return "Something went wrong on our side. Please try again.";
  switch (error.code) {
    case "INVALID_EMAIL_OR_PASSWORD":
    case "INVALID_PASSWORD":
    case "USER_NOT_FOUND":
    case "UNAUTHENTICATED":
      return "This e-mail address and password do not belong together. Please check both.";
    case "EMAIL_TAKEN":
    case "USER_ALREADY_EXISTS":
    case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
      return "There is already an account with this e-mail address. Please sign in instead.";
    case "PASSWORD_TOO_SHORT":
      return "This password is too short. Please use at least 8 characters.";
    case "PASSWORD_TOO_LONG":
      return "This password is too long. Please use at most 128 characters.";
    case "INVALID_EMAIL":
      return "This does not look like an e-mail address, such as kim@example.com.";
    case "RATE_LIMITED":
      return "Too many tries. Please wait a minute, then try again.";
    case "NO_SESSION":
      return "Your browser did not keep this shop’s cookie, so you are not signed in: allow cookies for this page, then sign in.";
    case "NETWORK":
      return "The shop could not be reached. Please check your connection and try again.";
    default:
      return error.message;
  }
}

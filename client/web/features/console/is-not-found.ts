import { DoorbusterError } from "../../../sdk/index.ts";

/** Whether the shop said that there is no such thing. Asking again would not bring it about. */
export function isNotFound(error: unknown): boolean {
  return error instanceof DoorbusterError && error.code === "NOT_FOUND";
}

import { DoorbusterError, networkError } from "./errors.ts";
import type { Settings } from "./settings.ts";

/**
 * One HTTP request with the client's credentials. Answers of any status are returned.
 *
 * @throws {DoorbusterError} `NETWORK` where there was none
 */
export async function send(settings: Settings, url: string, init: RequestInit): Promise<Response> {
  const { fetch, token, credentials } = settings;
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  try {
    return await fetch(url, { ...init, headers, credentials, cache: "no-store", redirect: "error" });
  } catch (cause) {
    throw cause instanceof DoorbusterError ? cause : networkError(cause);
  }
}

import { FAULTS, type FaultCode, faultOfStatus, isRetryable } from "../../shared/faults.ts";
import { DoorbusterError, type InputIssue, networkError } from "./errors.ts";
import type { ERROR_SHAPE } from "./router.ts";

/**
 * Reads an answer in tRPC's envelope.
 *
 * @returns the envelope: `{ result: { data } }`
 * @throws {DoorbusterError} the server's own error; for anything that is not in the envelope (a proxy's page, a
 *   sign-in page of a guest network) an error by the status alone, retryable where a later answer may be the shop's
 */
export async function readAnswer(response: Response): Promise<unknown> {
  const body = parseJson(await readText(response));
  if (isRecord(body) && isRecord(body.error)) throw errorOf(body.error, response);
  if (response.ok && isRecord(body) && isRecord(body.result)) return body;
  throw errorOfStatus(response);
}

/** The error in tRPC's shape: `{ message, data: { reason, retryable, … } }`, as an answer or in an event stream. */
export function errorOf(error: Record<string, unknown>, response: Response): DoorbusterError {
  const data = isRecord(error.data) ? error.data : {};
  const code = faultCodeOf(data.reason, response.status);
  return new DoorbusterError(code, typeof error.message === "string" ? error.message : FAULTS[code].message, {
    httpStatus: typeof data.httpStatus === "number" ? data.httpStatus : response.status,
    retryable: typeof data.retryable === "boolean" ? data.retryable : isRetryable(code),
    requestId: typeof data.requestId === "string" ? data.requestId : undefined,
    retryAfterMs: isDuration(data.retryAfterMs) ? data.retryAfterMs : retryAfterMsOf(response),
    issues: issuesOf(data.issues),
    errorCode: typeof data.errorCode === "string" ? data.errorCode : undefined,
    shape: error as unknown as typeof ERROR_SHAPE,
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw networkError(cause);
  }
}

function errorOfStatus(response: Response): DoorbusterError {
  if (response.status < 400) return networkError(new Error(`${response.status} without an answer of the shop's`));
  const code = faultOfStatus(response.status);
  return new DoorbusterError(code, FAULTS[code].message, {
    httpStatus: response.status,
    // Without the envelope a 5xx is a proxy's word: the shop behind it may answer the next time.
    retryable: response.status >= 500 || isRetryable(code),
    retryAfterMs: retryAfterMsOf(response),
  });
}

function faultCodeOf(reason: unknown, status: number): FaultCode {
  return typeof reason === "string" && Object.hasOwn(FAULTS, reason) ? (reason as FaultCode) : faultOfStatus(status);
}

/** `Retry-After` is a number of seconds or a date; a date is compared with the answer's own, not with our clock. */
function retryAfterMsOf(response: Response): number | undefined {
  const value = response.headers.get("retry-after");
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1_000
    : Date.parse(value) - (Date.parse(response.headers.get("date") ?? "") || Date.now());
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function issuesOf(value: unknown): InputIssue[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isRecord)
    .map(({ path, message }) => ({ path: String(path ?? ""), message: String(message ?? "") }));
}

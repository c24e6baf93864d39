import type { ChangePasswordInput } from "../../../shared/rest.ts";
import { changeSession } from "./session.ts";

/** Signs in. Everything that was read as somebody else is forgotten. */
export async function signIn(input: { email: string; password: string }): Promise<void> {
  await post("/api/auth/sign-in/email", input);
  await begin();
}

/** Makes an account and signs in with it. */
export async function signUp(input: { name: string; email: string; password: string }): Promise<void> {
  await post("/api/auth/sign-up/email", input);
  await begin();
}

/** Another password: a new session begins, all others end. */
export async function changePassword(input: ChangePasswordInput): Promise<void> {
  await post("/api/auth/change-password", input);
  await begin();
}

/** What better-auth answered instead of a session: its code, and words where the page has none of its own. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code: string;
  /** What is wrong with which field. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options?: ErrorOptions & { fields?: Record<string, string> }) {
    super(message, options);
    this.code = code;
    this.fields = options?.fields ?? {};
  }
}

/** @throws AccountError NO_SESSION when the browser did not keep the cookie */
async function begin(): Promise<void> {
  if (!(await changeSession())) throw new AccountError("NO_SESSION", "The browser keeps no cookies of this page.");
}

async function post(url: string, body: object): Promise<void> {
  const response = await send(url, body);
  if (response.ok) return;
  const answer: unknown = await response.json().catch(() => undefined);
  const { code, message, fields } = problemOf(answer);
  throw new AccountError(response.status === 429 ? "RATE_LIMITED" : code, message, { fields });
}

async function send(url: string, body: object): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new AccountError("NETWORK", "The shop could not be reached.", { cause });
  }
}

function problemOf(answer: unknown): { code: string; message: string; fields: Record<string, string> } {
  const problem = isRecord(answer) ? answer : {};
  const issues = Array.isArray(problem.issues) ? problem.issues.filter(isRecord) : [];
  return {
    fields: Object.fromEntries(issues.map(({ path, message }) => [String(path), String(message)])),
    code: typeof problem.code === "string" ? problem.code : "INTERNAL",
    message: typeof problem.message === "string" ? problem.message : "Something went wrong on our side.",
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

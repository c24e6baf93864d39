import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryClient } from "./clients.ts";
import { PERSONAL_KEYS } from "./queries.ts";

/** Who is signed in, as far as the page needs to know. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

/** The session's user, or null for a visitor. */
const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<SessionUser | null> => {
    const response = await fetch("/api/auth/get-session", { signal, cache: "no-store" });
    if (!response.ok) throw new Error("The session could not be read.");
    return userOf(await response.json());
  },
  staleTime: 60_000,
  // Without it nobody can buy, so it is asked for until it is answered.
  refetchInterval: ({ state }) => (state.status === "error" ? REREAD_MS : false),
});

const REREAD_MS = 3_000;

/** The signed-in user; null for a visitor; undefined until it is known. */
export function useSessionUser(): SessionUser | null | undefined {
  return useQuery(sessionQuery).data;
}

/** Signs in. Everything that was read as somebody else is forgotten. */
export async function signIn(input: { email: string; password: string }): Promise<void> {
  await post("/api/auth/sign-in/email", input);
  await changeSession();
}

/** Makes an account and signs in with it. */
export async function signUp(input: { name: string; email: string; password: string }): Promise<void> {
  await post("/api/auth/sign-up/email", input);
  await changeSession();
}

export async function signOut(): Promise<void> {
  await post("/api/auth/sign-out", {});
  queryClient.setQueryData(sessionQuery.queryKey, null);
  forgetPersonalData();
}

/** What better-auth answered instead of a session: its code, and words where the page has none of its own. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

async function changeSession(): Promise<void> {
  forgetPersonalData();
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

/** What was read belongs to whoever was signed in; sales and products are the same for everybody. */
function forgetPersonalData(): void {
  for (const queryKey of PERSONAL_KEYS) queryClient.removeQueries({ queryKey });
}

async function post(url: string, body: object): Promise<void> {
  const response = await send(url, body);
  if (response.ok) return;
  const answer: unknown = await response.json().catch(() => undefined);
  const { code, message } = problemOf(answer);
  throw new AccountError(response.status === 429 ? "RATE_LIMITED" : code, message);
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

function problemOf(answer: unknown): { code: string; message: string } {
  const problem = isRecord(answer) ? answer : {};
  return {
    code: typeof problem.code === "string" ? problem.code : "INTERNAL",
    message: typeof problem.message === "string" ? problem.message : "Something went wrong on our side.",
  };
}

function userOf(answer: unknown): SessionUser | null {
  const user = isRecord(answer) ? answer.user : undefined;
  if (!isRecord(user) || typeof user.id !== "string") return null;
  return { id: user.id, name: String(user.name ?? ""), email: String(user.email ?? ""), role: String(user.role ?? "") };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryClient, SESSION_KEY } from "./clients.ts";
import { openChannel } from "./open-channel.ts";
import { browserStorage, isPendingIntent, PendingIntents } from "./pending-intents.ts";
import { isPersonal } from "./queries.ts";

/** Who is signed in, as far as the page needs to know. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  /** Refunds and credits. */
  readonly mayMoveMoney: boolean;
}

/** Who is here. */
export interface Session {
  /** Null for a visitor. */
  readonly user: SessionUser | null;
  /** The latest session, ended or not: another one after each sign-in, also of the same user. */
  readonly id: string | undefined;
  /**
   * Whose clicks are kept here: the user's, or theirs whose session ended while the page was open. What they left pending
   * is shown until they, or somebody else, sign in; also after a reload.
   */
  readonly ownerId: string | undefined;
}

/** The intents of every kind that this browser keeps. */
const kept = new PendingIntents({ prefix: "doorbuster.", storage: browserStorage(), isIntent: isPendingIntent });

const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ signal }): Promise<Session> => {
    const response = await fetch("/api/auth/get-session", { signal, cache: "no-store" });
    if (!response.ok) throw new Error("The session could not be read.");
    const { user, id } = sessionOf(await response.json());
    const before = queryClient.getQueryData<Session>(SESSION_KEY);
    if (before && before.user?.id !== user?.id) forgetPersonalData();
    return { user, id: id ?? before?.id, ownerId: user?.id ?? (before ? before.ownerId : kept.all()[0]?.userId) };
  },
  staleTime: 60_000,
  // Without it nobody can buy, so it is asked for until it is answered.
  refetchInterval: ({ state }) => (state.status === "error" ? REREAD_MS : false),
});

const REREAD_MS = 3_000;

/** Tells the other tabs that somebody has signed in or out. */
const channel = openChannel("session");
if (channel) channel.onmessage = rereadSession;

export function rereadSession(): void {
  void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
}

/** Undefined until it is known. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

/** Why it is not known who is here; null while it is, or may soon be. */
export function useSessionFailure(): Error | null {
  const { data, error } = useQuery(sessionQuery);
  return data === undefined ? error : null;
}

/** The signed-in user; null for a visitor; undefined until it is known. */
export function useSessionUser(): SessionUser | null | undefined {
  return useSession()?.user;
}

/** Whether the console is theirs to see: operators and auditors. */
export function useIsStaff(): boolean {
  const role = useSessionUser()?.role;
  return role === "operator" || role === "auditor";
}

/** Whether they may change something in the console: what changes something is not shown to others. */
export function useMayChange(): boolean {
  return useSessionUser()?.role === "operator";
}

/** Whether they may refund and credit. */
export function useMayMoveMoney(): boolean {
  return useSessionUser()?.mayMoveMoney === true;
}

export async function signOut(): Promise<void> {
  const headers = { "content-type": "application/json" };
  const { ok } = await fetch("/api/auth/sign-out", { method: "POST", headers, body: "{}" });
  if (!ok) throw new Error("The shop did not end the session.");
  queryClient.setQueryData<Session>(SESSION_KEY, { user: null, id: undefined, ownerId: undefined });
  forgetPersonalData();
  channel?.postMessage("changed");
}

/** Reads who is here now that somebody has signed in. Answers whether the browser kept the cookie. */
export async function changeSession(): Promise<boolean> {
  forgetPersonalData();
  // What was asked for before is no word about this session's end.
  queryClient.getMutationCache().clear();
  channel?.postMessage("changed");
  // One that was sent before would say who was here then.
  await queryClient.cancelQueries({ queryKey: SESSION_KEY });
  const { user } = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  return user !== null;
}

/** What was read belongs to whoever was signed in; sales and products are the same for everybody. */
function forgetPersonalData(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => isPersonal(queryKey) });
}

function sessionOf(answer: unknown): Pick<Session, "user" | "id"> {
  const { user, session } = isRecord(answer) ? answer : {};
  if (!isRecord(user) || !isRecord(session) || typeof user.id !== "string") return { user: null, id: undefined };
  const { id, name = "", email = "", role = "", mayMoveMoney } = user;
  const known = { id, name: String(name), email: String(email), role: String(role) };
  return { user: { ...known, mayMoveMoney: mayMoveMoney === true }, id: String(session.id) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

import { useQuery } from "@tanstack/react-query";
import type { User, UserSession } from "../../../../../shared/users.ts";
import { doorbuster } from "../../../app/clients.ts";
import { deviceWords } from "../../../app/device-words.ts";
import { useMayChange } from "../../../app/session.ts";
import { When } from "../../../components/when.tsx";
import { ActWithReason } from "../act-with-reason.tsx";
import { Found, Panel } from "../panel.tsx";
import { personSessionsQuery, rereadPeople } from "./people-queries.ts";

/** Where somebody is signed in, and a way to end one session or all of them. */
export function PersonSessions({ person, onDone }: PersonSessionsProps) {
  const query = useQuery(personSessionsQuery(person.id));
  const mayChange = useMayChange();
  const seenAtMs = query.dataUpdatedAt;
  return (
    <Panel title="Where they are signed in">
      <Found query={query} what="the list of sessions">
        {({ items }) => (
          <>
            {items.length === 0 && <p className="text-muted">Nowhere.</p>}
            {items.length > 0 && (
              <ul aria-label="Sessions" className="border-t-2 border-ink">
                {items.map((session) => (
                  <Session
                    key={session.sessionId}
                    session={session}
                    person={person}
                    seenAtMs={seenAtMs}
                    onDone={onDone}
                  />
                ))}
              </ul>
            )}
            {mayChange && (
              <div className="mt-4">
                <SignOut person={person} isDone={items.length === 0} seenAtMs={seenAtMs} onDone={onDone} />
              </div>
            )}
          </>
        )}
      </Found>
    </Panel>
  );
}

function Session({ session, ...rest }: SessionProps) {
  const mayChange = useMayChange();
  const { sessionId, userAgent, address, startedAt, lastSeenAt } = session;
  const device = deviceWords(userAgent);
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line py-2.5">
      <div className="min-w-0">
        <p className="font-semibold wrap-anywhere">{device}</p>
        <p className="text-sm text-muted">
          {address ?? "Address not known"} · since <When at={startedAt} /> · last used <When at={lastSeenAt} /> or up to
          a day later
        </p>
      </div>
      {mayChange && <SignOut {...rest} session={{ sessionId, device }} isDone={false} />}
    </li>
  );
}

function SignOut({ person, session, isDone, seenAtMs, onDone }: SignOutProps) {
  const { id: userId, name } = person;
  return (
    <ActWithReason
      form={`sign-out-${session?.sessionId ?? userId}`}
      words={session ? "Sign out" : "Sign out everywhere"}
      {...(session && { name: `Sign out ${session.device}` })}
      title={session ? "End this session?" : "Sign out everywhere?"}
      description={
        session
          ? `${name} is signed out of ${session.device} at once, and can sign in again. Other sessions go on.`
          : `${name} is signed out of every browser and program at once, and can sign in again.`
      }
      hint="For other operators: it stands in the record, and nobody else reads it."
      isDone={isDone}
      doneWords={session ? "The session has ended." : "They are signed in nowhere."}
      seenAtMs={seenAtMs}
      reread={rereadPeople}
      onDone={onDone}
      act={async (reason = "") => {
        const { ended } = await doorbuster.users.signOut({
          userId,
          reason,
          ...(session && { sessionId: session.sessionId }),
        });
        if (ended === 0) return undefined;
        return ended === 1 ? "One session has ended." : `${ended} sessions have ended.`;
      }}
    />
  );
}

interface PersonSessionsProps {
  readonly person: User;
  /** Told in words. */
  readonly onDone: (words: string) => void;
}

interface SessionProps extends PersonSessionsProps {
  readonly session: UserSession;
  readonly seenAtMs: number;
}

interface SignOutProps extends PersonSessionsProps {
  /** All of them where none is named. */
  readonly session?: { readonly sessionId: string; readonly device: string };
  readonly isDone: boolean;
  readonly seenAtMs: number;
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { UserSession } from "../../../../shared/users.ts";
import { doorbusterAs, queryClient } from "../../app/clients.ts";
import { useIsOffline } from "../../app/connection.ts";
import { deviceWords } from "../../app/device-words.ts";
import { failureWords } from "../../app/failure-words.ts";
import { READING, trpc } from "../../app/queries.ts";
import { useSession } from "../../app/session.ts";
import { Button } from "../../components/button.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { Notice } from "../../components/notice.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { When } from "../../components/when.tsx";

const mySessionsQuery = trpc.users.mySessions.queryOptions(undefined, READING);

/** Where one is signed in, and a way to end what is not this browser: a device that is lost, or somebody else. */
export function OwnSessions({ userId }: { userId: string }) {
  const query = useQuery(mySessionsQuery);
  const hereId = useSession()?.id;
  const isOffline = useIsOffline();
  const heading = useRef<HTMLHeadingElement>(null);
  const ending = useMutation({
    // As this user: in another tab somebody else may be here by now.
    mutationFn: (meant: Ended) => doorbusterAs(userId).users.endMySessions(meant),
    onSettled: () => queryClient.invalidateQueries({ queryKey: mySessionsQuery.queryKey }),
    // The button is gone.
    onSuccess: () => heading.current?.focus(),
  });
  const rest = query.data?.items.filter(({ sessionId }) => sessionId !== hereId) ?? [];
  return (
    <section aria-labelledby="own-sessions" className="mb-10">
      <h2 id="own-sessions" ref={heading} tabIndex={-1} className="mb-4 text-2xl font-bold narrow outline-none">
        Where you are signed in
      </h2>
      {query.isPending && <Skeleton className="h-32 w-full" />}
      {query.isError && !query.data && (
        <LoadFailure what="The list" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data && (
        <ul aria-label="Sessions" className="border-t-2 border-ink">
          {query.data.items.map((session) => (
            <Session
              key={session.sessionId}
              session={session}
              isHere={session.sessionId === hereId}
              isBusy={ending.isPending}
              onEnd={() => ending.mutate({ sessionId: session.sessionId, others: false })}
            />
          ))}
        </ul>
      )}
      <div role="status" className="not-empty:mt-4">
        {ending.isSuccess && <Notice tone="good">{endedWords(ending.data.ended)}</Notice>}
      </div>
      {ending.isError && (
        <Notice tone="bad" title="Perhaps nothing was ended" className="mt-4">
          {failureWords(ending.error, isOffline)}
        </Notice>
      )}
      {hereId !== undefined && rest.length > 0 && (
        <Button
          look="plain"
          className="mt-4"
          disabled={ending.isPending}
          onClick={() => ending.mutate({ sessionId: hereId, others: true })}
        >
          Sign out everywhere else
        </Button>
      )}
    </section>
  );
}

function Session({ session, isHere, isBusy, onEnd }: SessionProps) {
  const { userAgent, address, startedAt, lastSeenAt } = session;
  const device = deviceWords(userAgent);
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line py-2.5">
      <div className="min-w-0">
        <p className="font-semibold wrap-anywhere">
          {device}
          {isHere && <span className="font-normal text-muted"> · this one</span>}
        </p>
        <p className="text-sm text-muted">
          {address ?? "Address not known"} · since <When at={startedAt} /> · last used <When at={lastSeenAt} /> or up to
          a day later
        </p>
      </div>
      {!isHere && (
        <Button look="plain" aria-label={`Sign out ${device}`} disabled={isBusy} onClick={onEnd}>
          Sign out
        </Button>
      )}
    </li>
  );
}

function endedWords(ended: number): string {
  if (ended === 0) return "It had ended already.";
  return ended === 1 ? "It is signed out." : `${ended} others are signed out.`;
}

interface Ended {
  readonly sessionId: string;
  readonly others: boolean;
}

interface SessionProps {
  readonly session: UserSession;
  /** Whether it is this browser's. */
  readonly isHere: boolean;
  readonly isBusy: boolean;
  readonly onEnd: () => void;
}

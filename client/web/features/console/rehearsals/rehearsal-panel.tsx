import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RehearsalWithReport } from "../../../../../shared/rehearsals.ts";
import type { DoorbusterError } from "../../../../sdk/index.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Notice } from "../../../components/notice.tsx";
import { When } from "../../../components/when.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { Found, Panel } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { countWords } from "../time-words.ts";
import { Figure } from "./figure.tsx";
import { REHEARSALS_KEY, rehearsalQuery } from "./rehearsal-queries.ts";
import { DOING_WORDS, resultOf } from "./rehearsal-words.ts";
import { ReportView } from "./report-view.tsx";

/** One rehearsal: how far it is, then what came of it. */
export function RehearsalPanel({ rehearsalId, onDeleted }: { rehearsalId: number; onDeleted: () => void }) {
  const query = useQuery(rehearsalQuery(rehearsalId));
  const mayChange = useMayChange();
  return (
    <Panel
      title={query.data ? `Rehearsal of ${query.data.saleName}` : "Rehearsal"}
      aside={query.data && <ResultTag rehearsal={query.data} />}
    >
      <Found query={query} what="the rehearsal" skeleton="h-96">
        {(rehearsal) => (
          <>
            <p className="mb-4 text-sm text-muted">
              Begun <When at={rehearsal.startedAt} />, with {crowdWords(rehearsal)}.
            </p>
            {rehearsal.endedAt === null ? (
              <Running rehearsal={rehearsal} mayChange={mayChange} />
            ) : (
              <Ended rehearsal={rehearsal} mayChange={mayChange} onDeleted={onDeleted} />
            )}
          </>
        )}
      </Found>
    </Panel>
  );
}

function ResultTag({ rehearsal }: { rehearsal: RehearsalWithReport }) {
  const { text, tone, sign } = resultOf(rehearsal);
  return (
    <Tag tone={tone} sign={sign}>
      {text}
    </Tag>
  );
}

function Running({ rehearsal: { id, state, progress, crowd }, mayChange }: PartProps) {
  const stop = useChange(id, () => doorbuster.operations.stopRehearsal({ rehearsalId: id }));
  return (
    <>
      <p role="status" className="mb-2 font-semibold">
        {DOING_WORDS[state]}
      </p>
      <progress aria-label="How far the rehearsal is" value={progress.share} max={1} className="h-3 w-full" />
      <dl className="my-4 grid grid-cols-3 gap-3">
        <Figure words="buyers have come" value={`${countWords(progress.arrived)} of ${countWords(crowd.buyers)}`} />
        <Figure words="answers" value={countWords(progress.answers)} />
        <Figure
          words="units sold"
          value={`${countWords(progress.unitsSold)} of ${countWords(progress.unitsAllotted)}`}
        />
      </dl>
      {mayChange && (
        <Button look="plain" busy={stop.isPending || stop.isSuccess} onClick={() => stop.mutate()} className="w-fit">
          Stop
        </Button>
      )}
      {stop.error && <ActionFailure error={stop.error} isLooking={false} className="mt-4" />}
    </>
  );
}

function Ended({ rehearsal, mayChange, onDeleted }: PartProps & { onDeleted: () => void }) {
  const { id, verdict, wentWell, report } = rehearsal;
  const [isAsking, setAsking] = useState(false);
  const remove = useChange(id, () => doorbuster.operations.deleteRehearsal({ rehearsalId: id }), onDeleted);
  return (
    <>
      <Notice tone={wentWell === null ? "plain" : wentWell ? "good" : "bad"} className="mb-5">
        <span className="font-semibold">{verdict}</span>
      </Notice>
      {report && <ReportView report={report} />}
      {mayChange && (
        <Button look="plain" onClick={() => setAsking(true)} className="mt-6 w-fit">
          Delete
        </Button>
      )}
      <Dialog
        title="Delete it?"
        description="The report goes for good. The record keeps that there was a rehearsal. Nothing of the real shop changes."
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        {remove.error && <ActionFailure error={remove.error} isLooking={false} className="mb-4" />}
        <Button busy={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </Dialog>
    </>
  );
}

interface PartProps {
  readonly rehearsal: RehearsalWithReport;
  readonly mayChange: boolean;
}

function useChange(rehearsalId: number, change: () => Promise<unknown>, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation<unknown, DoorbusterError>({
    mutationFn: change,
    ...(onDone && { onSuccess: onDone }),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: rehearsalQuery(rehearsalId).queryKey });
      void queryClient.invalidateQueries({ queryKey: REHEARSALS_KEY });
    },
  });
}

function crowdWords({ crowd }: RehearsalWithReport): string {
  const bots = crowd.bots > 0 ? ` and ${countWords(crowd.bots)} bots` : "";
  return `${countWords(crowd.buyers)} buyers${bots} within ${countWords(crowd.seconds)} s`;
}

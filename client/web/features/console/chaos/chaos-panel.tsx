import { useQuery } from "@tanstack/react-query";
import { CHAOS_FAULTS } from "../../../../../shared/operations.ts";
import { useMayChange } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { chaosQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { FaultCard } from "./fault-card.tsx";
import { FAULT_WORDS } from "./fault-words.ts";
import { useChaos } from "./use-chaos.ts";

/** Breaks the warehouse on purpose, each fault for a while, and mends one of them or all of it with one button. */
export function ChaosPanel() {
  const query = useQuery(chaosQuery);
  const mayChange = useMayChange();
  const isAnyOn = (query.data?.active.length ?? 0) > 0;
  const chaos = useChaos({ active: isAnyOn, seenAtMs: query.dataUpdatedAt });
  return (
    <Panel
      title="Faults"
      aside={
        mayChange && (
          <Button
            look={isAnyOn ? "primary" : "plain"}
            disabled={!isAnyOn}
            busy={chaos.isPending}
            onClick={() => chaos.mutate({ action: "stop" })}
          >
            Stop all
          </Button>
        )
      }
    >
      <Found query={query} what="the state of the faults" skeleton="h-96">
        {({ allowed, active }) => (
          <>
            {allowed.length === 0 && (
              <Notice tone="plain" title="Faults are off in this shop" className="mb-4">
                They may be switched on in development, or where the setting CHAOS_ALLOWED names them.
              </Notice>
            )}
            {chaos.error && <ActionFailure error={chaos.error} isLooking={chaos.isLooking} className="mb-4" />}
            <p role="status" className="sr-only">
              {active.length === 0
                ? "No fault is on."
                : `On: ${active.map(({ fault }) => FAULT_WORDS[fault].name).join(", ")}.`}
            </p>
            <div className="grid gap-4 sm:grid-cols-2">
              {CHAOS_FAULTS.map((fault) => (
                <FaultCard
                  key={fault}
                  fault={fault}
                  active={active.find((one) => one.fault === fault)}
                  seenAtMs={query.dataUpdatedAt}
                  isAllowed={allowed.includes(fault)}
                />
              ))}
            </div>
          </>
        )}
      </Found>
    </Panel>
  );
}

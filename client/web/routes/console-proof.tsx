import { ChainPanel } from "../features/console/proof/chain-panel.tsx";
import { ChecksPanel } from "../features/console/proof/checks-panel.tsx";
import { KeepPanel } from "../features/console/proof/keep-panel.tsx";
import { ReconcilePanel } from "../features/console/reconcile/reconcile-panel.tsx";

/** Whether everything adds up and is as it was recorded, and what proves it to others. */
export function ConsoleProofRoute() {
  return (
    <div className="grid gap-4">
      <title>Proof · Console · Doorbuster</title>
      <ReconcilePanel />
      <ChecksPanel />
      <ChainPanel />
      <KeepPanel />
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Family } from "../../../../../shared/families.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange } from "../../../app/session.ts";
import { ActWithReason } from "../act-with-reason.tsx";
import { Found } from "../panel.tsx";
import { Sheet } from "../sheet.tsx";
import { familyLines } from "./family-fields.ts";
import { FamilyForm } from "./family-form.tsx";
import { familyQuery, rereadProducts } from "./products-queries.ts";

/** One family, or the form of a new one. */
export function FamilySheet({ family, onClose }: FamilySheetProps) {
  const familyId = typeof family === "number" ? family : undefined;
  return (
    <Sheet title={familyId === undefined ? "New family" : "Family"} isOpen={family !== undefined} onClose={onClose}>
      {family === "new" && <FamilyForm onSaved={onClose} />}
      {familyId !== undefined && <FamilyById key={familyId} familyId={familyId} onClose={onClose} />}
    </Sheet>
  );
}

function FamilyById({ familyId, onClose }: { familyId: number; onClose: () => void }) {
  const query = useQuery(familyQuery(familyId));
  const mayChange = useMayChange();
  const [done, setDone] = useState<string>();
  return (
    <Found query={query} what="this family" skeleton="h-96">
      {(family) =>
        mayChange ? (
          <div className="grid gap-6">
            <p role="status" className="font-medium text-good empty:hidden">
              {done}
            </p>
            <FamilyForm family={family} seenAtMs={query.dataUpdatedAt} onSaved={() => setDone("Saved.")} />
            <TakeApart family={family} seenAtMs={query.dataUpdatedAt} onDone={onClose} />
          </div>
        ) : (
          <ul className="wrap-anywhere">
            {familyLines(family).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )
      }
    </Found>
  );
}

function TakeApart({ family, seenAtMs, onDone }: { family: Family; seenAtMs: number; onDone: () => void }) {
  const [isGone, setGone] = useState(false);
  return (
    <ActWithReason
      form={`family-${family.id}-remove`}
      words="Take apart"
      title="Take the family apart?"
      description={`Each of its ${family.variants.length} products has a card of its own again. None of them changes.`}
      hint="Only to think about it twice: it is not kept."
      isReasonOptional
      isDone={isGone}
      doneWords="It is taken apart."
      seenAtMs={seenAtMs}
      reread={rereadProducts}
      onDone={onDone}
      act={async () => {
        await doorbuster.families.remove({ familyId: family.id, edits: family.edits });
        setGone(true);
        return "It is taken apart.";
      }}
    />
  );
}

interface FamilySheetProps {
  /** Undefined where none is open. */
  readonly family: number | "new" | undefined;
  readonly onClose: () => void;
}

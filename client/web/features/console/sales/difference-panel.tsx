import type { SaleDetails } from "../../../../../shared/sales.ts";
import { Button } from "../../../components/button.tsx";
import { When } from "../../../components/when.tsx";
import type { Difference } from "./difference.ts";

/** Tells who changed a sale while one was at its form, field by field, and lets one go on with what one typed. */
export function DifferencePanel({ differences, lastChange, isAnswerLost, onGoOn }: DifferencePanelProps) {
  const hasConflict = differences.some(({ isConflict }) => isConflict);
  return (
    <section role="alert" className="mb-5 rounded-md border-l-4 border-hot bg-hot-soft px-4 py-4">
      <h2 className="font-bold text-hot">This sale was changed meanwhile</h2>
      <p className="mt-1 leading-snug">
        {lastChange && (
          <>
            {lastChange.by} was the last to change it, on <When at={lastChange.at} />.{" "}
          </>
        )}
        {isAnswerLost
          ? "The answer to what you sent was lost: what came of it stands below."
          : "Nothing of yours was saved, and nothing of theirs is lost."}
        {hasConflict && " Where both of you changed a field, yours stands in the form: look before you save."}
      </p>
      {differences.length > 0 && (
        <table className="my-3 w-full text-left text-sm">
          <caption className="sr-only">What they changed, beside yours</caption>
          <thead>
            <tr className="border-b border-edge">
              {["Field", "Before", "Now", "Yours"].map((title) => (
                <th key={title} scope="col" className="py-1.5 pr-3">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differences.map(({ field, label, before, theirs, yours, isConflict }) => (
              <tr key={field} className="border-b border-line align-top">
                <th scope="row" className="py-1.5 pr-3 font-semibold wrap-anywhere">
                  {label}
                </th>
                <td className="py-1.5 pr-3 wrap-anywhere">{before}</td>
                <td className="py-1.5 pr-3 font-semibold wrap-anywhere">{theirs}</td>
                <td className="py-1.5 wrap-anywhere">
                  {isConflict ? <strong>{yours}</strong> : "as before: takes theirs"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button look="plain" onClick={onGoOn}>
        Go on from the new state
      </Button>
    </section>
  );
}

interface DifferencePanelProps {
  readonly differences: readonly Difference[];
  readonly lastChange: SaleDetails["lastChange"];
  /** It is not known what became of what was sent last. */
  readonly isAnswerLost: boolean;
  readonly onGoOn: () => void;
}

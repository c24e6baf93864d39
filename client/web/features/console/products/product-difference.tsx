import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { type Difference, differencesOf, FIELD_WORDS } from "./product-fields.ts";

/** What somebody else made of the product while one was at its form. What one typed stays as it is. */
export function ProductDifference({ differences, why, onGoOn }: ProductDifferenceProps) {
  const found = differencesOf(differences);
  return (
    <Notice
      tone="bad"
      title="Somebody else has changed this product"
      actions={
        <Button look="plain" onClick={onGoOn}>
          Keep what I typed, take the rest
        </Button>
      }
    >
      <p>{why ?? "It is not as it was when you began."} Nothing was overwritten.</p>
      <ul aria-label="What differs" className="mt-2 grid gap-1.5">
        {found.map((difference) => (
          <DifferenceRow key={difference.field} {...difference} />
        ))}
        {found.length === 0 && <li>What differs is not in this form: whether it is in the catalogue.</li>}
      </ul>
    </Notice>
  );
}

function DifferenceRow({ field, before, theirs, yours }: Difference) {
  return (
    <li className="wrap-anywhere">
      <b>{FIELD_WORDS[field]}</b>: was “{before}”, is now “{theirs}”
      {yours !== before && yours !== theirs && <>; you typed “{yours}”</>}
    </li>
  );
}

interface ProductDifferenceProps {
  readonly differences: Parameters<typeof differencesOf>[0];
  /** Who did what and when, where the shop has said so. */
  readonly why: string | undefined;
  readonly onGoOn: () => void;
}

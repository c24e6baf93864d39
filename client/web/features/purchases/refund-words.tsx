import { Money } from "../../components/money.tsx";
import { When } from "../../components/when.tsx";
import type { Bought } from "./bought.ts";

/** Where the money of something that was given back is, and why. */
export function RefundWords({ bought, withYear = false }: { bought: Bought; withYear?: boolean }) {
  if (!bought.status.isGivenBack) return null;
  return (
    <p className="leading-snug text-muted wrap-anywhere">
      {bought.refundedAt !== null && (
        <>
          <Money cents={bought.amountCents} currency={bought.currency} /> went back to your wallet on{" "}
          <When at={bought.refundedAt} withYear={withYear} />.{" "}
        </>
      )}
      {bought.because}
    </p>
  );
}

import { useEffect, useRef } from "react";
import type { Wallet } from "../../../shared/wallets.ts";
import { Button } from "./button.tsx";
import { euros } from "./money.tsx";
import { Notice } from "./notice.tsx";

/**
 * A refusal for want of money: what is missing in the wallet as it is now, and how money gets in. Once nothing is missing
 * any more, `onCovered` takes it away.
 */
export function ShortNotice({ costCents, wallet, message, className, onTopUp, onCovered }: ShortNoticeProps) {
  const missingCents = wallet ? costCents - wallet.balanceCents : 0;
  const isShort = wallet !== undefined && missingCents > 0;
  // What the page knew of the wallet when it was refused may be older than the refusal: only a change counts.
  const wasShort = useRef(isShort);
  useEffect(() => {
    if (wasShort.current && !isShort && wallet) onCovered();
    wasShort.current = isShort;
  }, [isShort, wallet, onCovered]);
  return (
    <Notice
      tone="bad"
      title="Not enough in your wallet"
      className={className}
      actions={wallet?.canTopUp && <Button onClick={() => onTopUp(missingCents)}>Top up wallet</Button>}
    >
      {isShort
        ? `This costs ${euros(costCents)}, and your wallet holds ${euros(wallet.balanceCents)}: ${euros(missingCents)} are missing. Nothing was charged.`
        : message}
      {wallet?.canTopUp === false && ` ${HOW_MONEY_GETS_IN}`}
    </Notice>
  );
}

/** Where the shop takes no payments. */
export const HOW_MONEY_GETS_IN = "The shop takes no payments here: ask it to put money into your wallet.";

interface ShortNoticeProps {
  readonly costCents: number;
  readonly wallet: Wallet | undefined;
  /** The shop's sentence, as it was when it refused. */
  readonly message: string;
  readonly className: string;
  /** Given what is missing. */
  readonly onTopUp: (missingCents: number) => void;
  readonly onCovered: () => void;
}

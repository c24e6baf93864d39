import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useSession } from "../app/session.ts";
import { useIntent } from "../app/use-intent.ts";
import { Button } from "../components/button.tsx";
import { LoadFailure } from "../components/load-failure.tsx";
import { Money } from "../components/money.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { HOW_MONEY_GETS_IN } from "../components/short-notice.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { Statement } from "../features/wallet/statement.tsx";
import { TopUpDialog } from "../features/wallet/top-up-dialog.tsx";
import { topUpFlow } from "../features/wallet/top-up-flow.ts";
import { TopUpNews } from "../features/wallet/top-up-news.tsx";
import { useWallet } from "../features/wallet/use-wallet.ts";
import { SignedIn } from "./signed-in.tsx";

export function WalletRoute() {
  const ownerId = useSession()?.ownerId;
  const [isToppingUp, setToppingUp] = useState(false);
  const navigate = useNavigate();
  const onSignIn = () => void navigate({ to: "/sign-in", search: { from: "/wallet" } });
  return (
    <div className="page-width max-w-4xl py-10 sm:py-16">
      <PageHeading title="Wallet" />
      <SignedIn what="your wallet">
        {(userId) => (
          <Wallet userId={userId} onTopUp={() => setToppingUp(true)}>
            {!isToppingUp && <LatestTopUp userId={userId} onSignIn={onSignIn} />}
          </Wallet>
        )}
      </SignedIn>
      {ownerId !== undefined && (
        <TopUpDialog userId={ownerId} isOpen={isToppingUp} onClose={() => setToppingUp(false)} onSignIn={onSignIn} />
      )}
    </div>
  );
}

function Wallet({ userId, onTopUp, children }: { userId: string; onTopUp: () => void; children: ReactNode }) {
  const wallet = useWallet(userId);
  return (
    <>
      <section
        aria-label="Balance"
        className="mb-12 flex flex-wrap items-end justify-between gap-6 rounded-2xl bg-flag p-6 text-flag-ink sm:p-9"
      >
        <div>
          <p className="text-lg font-semibold narrow">You can spend</p>
          <p className="poster mt-2 text-[clamp(min(2.75rem,12vw),10vw,5.5rem)]">
            {wallet.data ? (
              <Money cents={wallet.data.balanceCents} currency={wallet.data.currency} />
            ) : (
              <Skeleton className="h-16 w-56 bg-flag-ink/15" />
            )}
          </p>
        </div>
        {wallet.data?.canTopUp && (
          <Button onClick={onTopUp} className="min-h-12 bg-flag-ink px-8 text-lg text-flag hover:bg-flag-ink/85">
            Top up
          </Button>
        )}
        {wallet.data?.canTopUp === false && <p className="max-w-[36ch] font-medium">{HOW_MONEY_GETS_IN}</p>}
      </section>
      {wallet.isError && !wallet.data && (
        <LoadFailure what="Your balance" error={wallet.error} onRetry={() => void wallet.refetch()} />
      )}
      {children}
      <h2 className="mb-3 text-2xl font-bold narrow">Statement</h2>
      <Statement />
    </>
  );
}

/** What became of a top-up whose dialog is gone: the page was loaded anew, or its buyer had to sign in. */
function LatestTopUp({ userId, onSignIn }: { userId: string; onSignIn: () => void }) {
  const topUp = useIntent(topUpFlow, userId, userId);
  return (
    <div className="mb-10 empty:hidden">
      <TopUpNews topUp={topUp} onSignIn={onSignIn} />
    </div>
  );
}

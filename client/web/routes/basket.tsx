import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSession } from "../app/session.ts";
import { PageHeading } from "../components/page-heading.tsx";
import { BasketView } from "../features/basket/basket-view.tsx";
import { TopUpDialog } from "../features/wallet/top-up-dialog.tsx";
import { useWallet } from "../features/wallet/use-wallet.ts";

export function BasketRoute() {
  const session = useSession();
  const user = session?.user;
  const wallet = useWallet(user?.id);
  const navigate = useNavigate();
  const [missingCents, setMissingCents] = useState<number>();
  const onSignIn = () => void navigate({ to: "/sign-in", search: { from: "/basket" } });
  return (
    <div className="page-width max-w-6xl py-10 sm:py-16">
      <PageHeading title="Basket" />
      <BasketView
        userId={user === undefined ? undefined : (user?.id ?? null)}
        wallet={wallet.data}
        onSignIn={onSignIn}
        onTopUp={setMissingCents}
      />
      {session?.ownerId !== undefined && (
        <TopUpDialog
          userId={session.ownerId}
          missingCents={missingCents}
          isOpen={missingCents !== undefined}
          onClose={() => setMissingCents(undefined)}
          onSignIn={onSignIn}
        />
      )}
    </div>
  );
}

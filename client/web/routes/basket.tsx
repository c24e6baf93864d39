import { useNavigate } from "@tanstack/react-router";
import { useSessionUser } from "../app/session.ts";
import { PageHeading } from "../components/page-heading.tsx";
import { BasketView } from "../features/basket/basket-view.tsx";
import { useWallet } from "../features/wallet/use-wallet.ts";

export function BasketRoute() {
  const user = useSessionUser();
  const wallet = useWallet(user?.id);
  const navigate = useNavigate();
  return (
    <div className="page-width max-w-6xl py-10 sm:py-16">
      <PageHeading title="Basket" />
      <BasketView
        userId={user === undefined ? undefined : (user?.id ?? null)}
        wallet={wallet.data}
        onSignIn={() => void navigate({ to: "/sign-in", search: { from: "/basket" } })}
      />
    </div>
  );
}

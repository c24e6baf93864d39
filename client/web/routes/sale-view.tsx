import { useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import type { Item, Sale } from "../../../shared/sales.ts";
import { useSession } from "../app/session.ts";
import { LoadFailure } from "../components/load-failure.tsx";
import { formatWhen } from "../components/when.tsx";
import type { Availability } from "../features/buying/availability.ts";
import { BuyPanel } from "../features/buying/buy-panel.tsx";
import { Hero } from "../features/sale/hero.tsx";
import { ItemCard } from "../features/sale/item-card.tsx";
import { OtherSales } from "../features/sale/other-sales.tsx";
import type { SalePhase } from "../features/sale/sale-phase.ts";
import { SaleSkeleton } from "../features/sale/sale-skeleton.tsx";
import { useLiveSale, useSalePhase } from "../features/sale/use-live-sale.ts";
import { WatchBanner } from "../features/sale/watch-banner.tsx";
import { NotFoundRoute } from "./not-found.tsx";
import { isUnknownSale } from "./sale.tsx";

/** A sale that follows the live view, with a way to buy each of its items. */
export function SaleView({ saleId, others }: { saleId: number; others: readonly Sale[] }) {
  const { data: sale, isPending, error, refetch, watchState } = useLiveSale(saleId);
  if (isPending) return <SaleSkeleton />;
  if (!sale)
    return isUnknownSale(error) ? (
      <NotFoundRoute />
    ) : (
      <LoadFailure isPage what="The sale" onRetry={() => void refetch()} />
    );
  return (
    <>
      <WatchBanner state={watchState} />
      <LoadedSale sale={sale} />
      <OtherSales sales={others.filter(({ id }) => id !== saleId)} />
    </>
  );
}

function LoadedSale({ sale }: { sale: Sale }) {
  const phase = useSalePhase(sale);
  const session = useSession();
  const user = session?.user;
  const navigate = useNavigate();
  const [isToppingUp, setToppingUp] = useState(false);
  const signInAt = (hash = "") => void navigate({ to: "/sign-in", search: { from: `/sales/${sale.id}${hash}` } });
  useReturnToCard();
  const foreseeSignIn = useForeseenSignIn(user === null);
  return (
    <>
      <title>{`${sale.name} · Doorbuster`}</title>
      <Hero sale={sale} phase={phase} />
      <section
        aria-label="Items"
        onPointerEnter={foreseeSignIn}
        onFocus={foreseeSignIn}
        className={`page-width grid items-start gap-x-7 gap-y-14 pt-12 sm:grid-cols-2 sm:pt-16 ${columns(sale.items.length)}`}
      >
        {sale.items.map((item, index) => (
          <ItemCard
            key={item.id}
            item={item}
            currency={sale.currency}
            isFirst={index < 3}
            isWide={index === 0 && isFirstWide(sale.items.length)}
            isOver={phase === "ended" || phase === "cancelled"}
          >
            <BuyPanel
              item={item}
              currency={sale.currency}
              availability={availabilityOf(item, phase)}
              startsAt={`on ${formatWhen(sale.startsAt)}`}
              userId={user === undefined ? undefined : (user?.id ?? null)}
              onSignIn={() => signInAt(`#item-${item.id}`)}
              onTopUp={() => setToppingUp(true)}
            />
          </ItemCard>
        ))}
      </section>
      {session?.ownerId !== undefined && isToppingUp && (
        <Suspense fallback={null}>
          <TopUpDialog
            userId={session.ownerId}
            isOpen
            onClose={() => setToppingUp(false)}
            onSignIn={() => signInAt()}
          />
        </Suspense>
      )}
    </>
  );
}

const TopUpDialog = lazy(async () => ({
  default: (await import("../features/wallet/top-up-dialog.tsx")).TopUpDialog,
}));

function availabilityOf(item: Item, phase: SalePhase): Availability {
  if (phase === "live") return item.remaining > 0 ? "open" : "sold-out";
  return phase;
}

function columns(count: number): string {
  if (count === 1) return "lg:grid-cols-2";
  return count === 4 ? "lg:grid-cols-2 xl:grid-cols-4" : "lg:grid-cols-3";
}

/** Three columns are filled without a gap when the first card takes two of them. */
function isFirstWide(count: number): boolean {
  return count % 3 === 2 || count === 1;
}

/** A visitor who turns to the items may press Buy next, which leads to signing in: its part of the page comes ahead. */
function useForeseenSignIn(isVisitor: boolean): () => void {
  const router = useRouter();
  return () => {
    if (isVisitor) void router.preloadRoute({ to: "/sign-in", search: { from: "/" } });
  };
}

/** Who comes back from signing in goes on at the card that they left. */
function useReturnToCard(): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (!hash.startsWith("item-")) return;
    const card = document.getElementById(hash);
    card?.scrollIntoView({ block: "center" });
    card?.focus({ preventScroll: true });
  }, [hash]);
}

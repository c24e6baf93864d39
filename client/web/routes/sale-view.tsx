import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Item, Sale } from "../../../shared/sales.ts";
import { DoorbusterError } from "../../sdk/index.ts";
import { momentWords } from "../app/moment-words.ts";
import { admissionQuery } from "../app/queries.ts";
import { type SessionUser, useSession } from "../app/session.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { LoadFailure } from "../components/load-failure.tsx";
import type { Availability } from "../features/buying/availability.ts";
import { BuyPanel } from "../features/buying/buy-panel.tsx";
import { Hero, isShut } from "../features/sale/hero.tsx";
import { ItemCard } from "../features/sale/item-card.tsx";
import { OtherSales } from "../features/sale/other-sales.tsx";
import { SaleBar } from "../features/sale/sale-bar.tsx";
import type { SalePhase } from "../features/sale/sale-phase.ts";
import { SaleSkeleton } from "../features/sale/sale-skeleton.tsx";
import { useCodeOfAddress } from "../features/sale/use-code-of-address.ts";
import { useLiveSale, useSalePhase } from "../features/sale/use-live-sale.ts";
import { WatchBanner } from "../features/sale/watch-banner.tsx";
import { useWallet } from "../features/wallet/use-wallet.ts";
import { NotFoundRoute } from "./not-found.tsx";

/** A sale that follows the live view, with a way to buy each of its items. */
export function SaleView({ saleId, others }: { saleId: number; others?: readonly Sale[] }) {
  const { data: sale, isPending, error, refetch, watchState } = useLiveSale(saleId);
  if (isPending) return <SaleSkeleton />;
  if (!sale)
    return isUnknownSale(error) ? (
      <NotFoundRoute />
    ) : (
      <LoadFailure isPage what="The sale" error={error} onRetry={() => void refetch()} />
    );
  return (
    <>
      <WatchBanner state={watchState} />
      <LoadedSale sale={sale} />
      <OtherSales key={saleId} shownId={saleId} sales={others} />
    </>
  );
}

function isUnknownSale(error: unknown): boolean {
  return error instanceof DoorbusterError && (error.code === "NOT_FOUND" || error.code === "INVALID_INPUT");
}

function LoadedSale({ sale }: { sale: Sale }) {
  const phase = useSalePhase(sale);
  const cards = [...Map.groupBy(useItemsInOrder(sale.items), (item) => item.family?.id ?? item).values()];
  const session = useSession();
  const user = session?.user;
  const navigate = useNavigate();
  const wallet = useWallet(user?.id).data;
  const [short, setShort] = useState<{ itemId: number; missingCents: number; isOpen: boolean }>();
  const signInAt = (hash: string) => void navigate({ to: "/sign-in", search: { from: `/sales/${sale.id}${hash}` } });
  useReturnToCard();
  useCodeOfAddress(sale.id);
  const isAdmitted = useIsAdmitted(sale, user);
  const isOver = phase === "ended" || phase === "cancelled";
  const foreseeSignIn = useForeseenSignIn(user === null);
  const renderPanel = (item: Item) => (
    <BuyPanel
      item={item}
      saleLimit={sale.limitPerCustomer}
      currency={sale.currency}
      availability={availabilityOf(item, phase, isAdmitted !== false)}
      startsAt={`on ${momentWords(sale.startsAt)}`}
      userId={user === undefined ? undefined : (user?.id ?? null)}
      onSignIn={() => signInAt(`#item-${item.id}`)}
      wallet={wallet}
      onTopUp={(missingCents) => setShort({ itemId: item.id, missingCents, isOpen: true })}
    />
  );
  return (
    <>
      <title>{`${sale.name} · Doorbuster`}</title>
      {isShut(phase) ? <Hero sale={sale} phase={phase} /> : <SaleBar sale={sale} phase={phase} />}
      {sale.needsAccessCode && user !== undefined && isAdmitted !== undefined && !isOver && (
        <div className="page-width pt-5">
          <AccessPanel
            key={sale.id}
            saleId={sale.id}
            userId={user?.id ?? null}
            isAdmitted={isAdmitted}
            onSignIn={() => signInAt("")}
          />
        </div>
      )}
      <section
        aria-label="Items"
        onPointerEnter={foreseeSignIn}
        onFocus={foreseeSignIn}
        // Cards that stand beside one another share their rows, so that their buttons are in one line, and stay there when
        // one of the cards grows.
        className={`page-width grid gap-x-7 pt-5 flat:pt-2 sm:grid-cols-2 roomy:auto-rows-[1fr_auto_auto_auto_auto] roomy:pt-8 ${columns(cards.length)}`}
      >
        {cards.map((family, index) => {
          const [item] = family;
          if (!item) return null;
          const card = {
            saleLimit: sale.limitPerCustomer,
            currency: sale.currency,
            isFirst: index < 3,
            isWide: index === 0 && isFirstWide(cards.length),
            isOver,
          };
          return family.length > 1 ? (
            <FamilyCard key={item.id} items={family} renderPanel={renderPanel} {...card} />
          ) : (
            <ItemCard key={item.id} item={item} {...card}>
              {renderPanel(item)}
            </ItemCard>
          );
        })}
      </section>
      {session?.ownerId !== undefined && short && (
        <TopUpDialog
          userId={session.ownerId}
          missingCents={short.missingCents}
          isOpen={short.isOpen}
          onClose={() => setShort({ ...short, isOpen: false })}
          onSignIn={() => signInAt(`#item-${short.itemId}`)}
          focusAfter={() => document.getElementById(`item-${short.itemId}`)}
        />
      )}
    </>
  );
}

const AccessPanel = lazyPart(() => import("../features/sale/access-panel.tsx"), "AccessPanel", {
  what: "The field for your access code",
  pending: null,
});

/** Whether the sale is open to whoever is here; undefined until it is known. */
function useIsAdmitted({ id, needsAccessCode }: Sale, user: SessionUser | null | undefined): boolean | undefined {
  const { data } = useQuery({ ...admissionQuery(id), enabled: needsAccessCode && !!user });
  if (!needsAccessCode) return true;
  return user === null ? false : data?.isAdmitted;
}

/** Few sales have families, and the first load is for all. */
const FamilyCard = lazyPart(() => import("../features/sale/family-card.tsx"), "FamilyCard", {
  what: "This card",
  pending: null,
});

const TopUpDialog = lazyPart(() => import("../features/wallet/top-up-dialog.tsx"), "TopUpDialog", {
  what: "The top-up form",
  isAsked: true,
  pending: null,
});

/** What was sold out when the page was opened stands last. Later nothing moves: somebody may be about to press Buy. */
function useItemsInOrder(items: readonly Item[]): Item[] {
  const [soldOut] = useState(() => new Set(items.filter(({ remaining }) => remaining <= 0).map(({ id }) => id)));
  return [...items.filter(({ id }) => !soldOut.has(id)), ...items.filter(({ id }) => soldOut.has(id))];
}

function availabilityOf(item: Item, phase: SalePhase, isAdmitted: boolean): Availability {
  if (phase === "live") return item.remaining <= 0 ? "sold-out" : isAdmitted ? "open" : "locked";
  return phase;
}

function columns(count: number): string {
  if (count === 1) return "sm:max-lg:grid-cols-1 lg:grid-cols-2";
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

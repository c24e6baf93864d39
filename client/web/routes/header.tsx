import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { type ReactNode, useState, useTransition } from "react";
import { signOut, useIsStaff, useSessionUser } from "../app/session.ts";
import { Button, buttonLook } from "../components/button.tsx";
import { cn } from "../components/cn.ts";
import { LogoMark, LogoType } from "../components/logo.tsx";
import { Money } from "../components/money.tsx";
import { ThemeToggle } from "../components/theme-toggle.tsx";
import { useBasketCount } from "../features/basket/use-basket.ts";
import { useWallet } from "../features/wallet/use-wallet.ts";

export function Header() {
  const [couldNotLeave, setCouldNotLeave] = useState(false);
  return (
    <header className="print:hidden border-b border-line bg-paper">
      <div className="page-width flex min-h-16 flex-wrap items-center flat:min-h-12 gap-x-2 sm:gap-x-6">
        <Link to="/" aria-label="Doorbuster, go to the sale" className="flex items-center gap-2.5 rounded-md">
          <LogoMark />
          <LogoType className="max-xs:hidden md:max-lg:hidden" />
        </Link>
        <nav
          aria-label="Main"
          className="max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-30 max-md:grid max-md:grid-cols-5 max-md:border-t max-md:border-line max-md:bg-paper max-md:pb-[env(safe-area-inset-bottom)] md:flex lg:gap-1"
        >
          <Tab to="/" icon={<TagIcon />}>
            Sale
          </Tab>
          <Tab to="/catalogue" icon={<ShelfIcon />}>
            Catalogue
          </Tab>
          <BasketTab />
          <Tab to="/purchases" icon={<BagIcon />}>
            Purchases
          </Tab>
          <Tab to="/wallet" icon={<WalletIcon />}>
            Wallet
          </Tab>
        </nav>
        <div className="ml-auto flex flex-wrap items-center gap-1 sm:gap-2">
          <ConsoleLink />
          <Balance />
          <ThemeToggle />
          <Account onLeft={(isOut) => setCouldNotLeave(!isOut)} />
        </div>
      </div>
      {couldNotLeave && (
        <p role="alert" className="page-width pb-3 text-right font-semibold text-hot">
          You are still signed in. Please sign out again.
        </p>
      )}
    </header>
  );
}

function Tab({ to, icon, count = 0, children }: TabProps) {
  const { pathname } = useLocation();
  const isCurrent = pathname === to || pathname.startsWith(`${to}/`);
  return (
    <Link
      to={to}
      activeOptions={{ exact: true }}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={count > 0 ? `${children}, ${count} in it` : undefined}
      className="group relative flex items-center justify-center gap-x-1.5 rounded-md py-2 font-semibold narrow hover:bg-sunken max-md:flex-col max-md:py-2.5 max-md:text-[0.8rem] md:px-2 lg:px-3 flat:max-md:min-h-11 flat:max-md:flex-row flat:max-md:py-0"
    >
      <span aria-hidden="true" className="md:hidden">
        {icon}
      </span>
      <span className="border-b-3 border-transparent group-aria-[current=page]:border-flag max-[15rem]:sr-only">
        {children}
      </span>
      {count > 0 && (
        <span className="figures rounded-full bg-badge px-2 text-sm font-bold text-badge-ink max-md:absolute max-md:top-1.5 max-md:left-1/2 max-md:ml-1 max-md:px-1.5 max-md:text-xs">
          {count > COUNT_SHOWN_MAX ? `${COUNT_SHOWN_MAX}+` : count}
        </span>
      )}
    </Link>
  );
}

interface TabProps {
  readonly to: NonNullable<LinkProps["to"]>;
  readonly icon: ReactNode;
  /** Stands beside the words unless it is zero. */
  readonly count?: number;
  readonly children: string;
}

/** What fits into the badge. */
const COUNT_SHOWN_MAX = 99;

function BasketTab() {
  return (
    <Tab to="/basket" icon={<BasketIcon />} count={useBasketCount()}>
      Basket
    </Tab>
  );
}

/** For staff: a sign on a small screen, where the bar at the bottom is full. */
function ConsoleLink() {
  const isStaff = useIsStaff();
  const { pathname } = useLocation();
  if (!isStaff) return null;
  return (
    <Link
      to="/console"
      aria-current={pathname.startsWith("/console") ? "page" : undefined}
      className="group grid min-h-11 place-items-center rounded-md px-2 font-semibold narrow hover:bg-sunken"
    >
      <span aria-hidden="true" className="lg:hidden">
        <GaugeIcon />
      </span>
      <span className="border-b-3 border-transparent group-aria-[current=page]:border-flag max-lg:sr-only">
        Console
      </span>
    </Link>
  );
}

function Balance() {
  const user = useSessionUser();
  const wallet = useWallet(user?.id).data;
  // The smallest screens have room for it or for the way to the console.
  const isStaff = useIsStaff();
  if (!wallet) return null;
  return (
    <Link
      to="/wallet"
      className={cn("rounded-full bg-flag px-3.5 py-1.5 font-bold text-flag-ink narrow", isStaff && "max-xs:hidden")}
    >
      <span className="sr-only">Wallet balance </span>
      <Money cents={wallet.balanceCents} currency={wallet.currency} />
    </Link>
  );
}

function Account({ onLeft }: { onLeft: (isOut: boolean) => void }) {
  const user = useSessionUser();
  const { href } = useLocation();
  // Lighter than a mutation of the query client: those come with the pages that have forms.
  const [isLeaving, leave] = useTransition();
  if (user === undefined) {
    // Most who come are visitors: the place of their button is kept, so that nothing moves when it appears.
    return (
      <span aria-hidden="true" className={cn(buttonLook("primary"), "invisible")}>
        Sign in
      </span>
    );
  }
  if (user === null) {
    const from = href.startsWith("/sign-") ? "/" : href;
    return (
      <Link to="/sign-in" search={{ from }} className={buttonLook("primary")}>
        Sign in
      </Link>
    );
  }
  return (
    <Button
      look="quiet"
      className="whitespace-nowrap"
      busy={isLeaving}
      title={`Signed in as ${user.email}`}
      onClick={() =>
        leave(() =>
          signOut().then(
            () => onLeft(true),
            () => onLeft(false),
          ),
        )
      }
    >
      Sign out
    </Button>
  );
}

function GaugeIcon() {
  return (
    <Icon>
      <path d="M4.5 18a9 9 0 1 1 15 0M12 14l4-5" strokeLinecap="round" />
    </Icon>
  );
}

function TagIcon() {
  return (
    <Icon>
      <path
        d="M3.5 11V4.5a1 1 0 0 1 1-1H11l9.2 9.2a1.3 1.3 0 0 1 0 1.8l-5.7 5.7a1.3 1.3 0 0 1-1.8 0z"
        strokeLinejoin="round"
      />
      <circle cx="8" cy="8" r="1.2" />
    </Icon>
  );
}

function BagIcon() {
  return (
    <Icon>
      <path d="M5 8h14l1 12.5H4zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5" strokeLinejoin="round" />
    </Icon>
  );
}

function ShelfIcon() {
  return (
    <Icon>
      <path d="M4 3.5v17M20 3.5v17M4 11h16M4 19h16M7.5 5.5h4V11h-4zM13.5 13.5H17V19h-3.5z" strokeLinejoin="round" />
    </Icon>
  );
}

function BasketIcon() {
  return (
    <Icon>
      <path d="M3 9.5h18l-2 11H5zM8 9.5 10.5 4M16 9.5 13.5 4" strokeLinejoin="round" strokeLinecap="round" />
    </Icon>
  );
}

function WalletIcon() {
  return (
    <Icon>
      <path
        d="M4 6.5h14.5a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18zm0 0 11-3v3"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="13" r="1.2" />
    </Icon>
  );
}

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-6 fill-none stroke-current stroke-2">
      {children}
    </svg>
  );
}

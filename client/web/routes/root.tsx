import { Outlet, useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "../app/session.ts";
import { useResume } from "../app/use-intent.ts";
import { OfflineBanner } from "../components/offline-banner.tsx";
import { orderFlow } from "../features/basket/order-flow.ts";
import { purchaseFlow } from "../features/buying/purchase-flow.ts";
import { topUpFlow } from "../features/wallet/top-up-flow.ts";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Pending } from "./pending.tsx";

/** The frame of every page. What a buyer left pending goes on from here, whatever page is open. */
export function RootRoute() {
  const session = useSession();
  useResume(purchaseFlow, session);
  useResume(orderFlow, session);
  useResume(topUpFlow, session);
  const main = useFocusAfterNavigation();
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-action px-4 py-3 font-semibold text-action-ink focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to the content
      </a>
      <Header />
      <OfflineBanner />
      <Pending session={session} />
      <main id="main" ref={main} tabIndex={-1} className="flex grow flex-col">
        <Outlet />
      </main>
      <Footer />
    </>
  );
}

/** A new page is read from its beginning, also by those who cannot see that it is new. */
function useFocusAfterNavigation() {
  const main = useRef<HTMLElement>(null);
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onResolved", ({ pathChanged, fromLocation, toLocation }) => {
        // Whoever has just arrived begins at the top, where the way past the navigation is.
        if (!pathChanged || !fromLocation) return;
        const target = toLocation.hash === "" ? main.current : document.getElementById(toLocation.hash);
        (target ?? main.current)?.focus({ preventScroll: toLocation.hash === "" });
      }),
    [router],
  );
  return main;
}

import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { returnPath } from "./app/return-path.ts";
import { lazyPart } from "./components/lazy-part.tsx";
import { PageSkeleton } from "./components/page-skeleton.tsx";
import { FailureRoute } from "./routes/failure.tsx";
import { NotFoundRoute } from "./routes/not-found.tsx";
import { RootRoute } from "./routes/root.tsx";
import { CurrentSaleRoute, SaleByIdRoute } from "./routes/sale.tsx";

const rootRoute = createRootRoute({
  component: RootRoute,
  notFoundComponent: NotFoundRoute,
  errorComponent: FailureRoute,
});

const STAFF = { isForAll: false };

const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/console",
  component: lazyPart(() => import("./routes/console.tsx"), "ConsoleRoute", STAFF),
});

/** The sale comes with the first load; all else when it is asked for, or pointed at. */
const routeTree = rootRoute.addChildren([
  createRoute({ getParentRoute: () => rootRoute, path: "/", component: CurrentSaleRoute }),
  createRoute({ getParentRoute: () => rootRoute, path: "/sales/$saleId", component: SaleByIdRoute }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/catalogue",
    validateSearch: validateWords,
    component: lazyPart(() => import("./routes/catalogue.tsx"), "CatalogueRoute"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/basket",
    component: lazyPart(() => import("./routes/basket.tsx"), "BasketRoute"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/orders",
    beforeLoad: () => {
      throw redirect({ to: "/purchases", search: { show: "orders" }, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/purchases",
    validateSearch: validateShow,
    component: lazyPart(() => import("./routes/purchases.tsx"), "PurchasesRoute"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/purchases/$receiptId",
    component: lazyPart(() => import("./routes/receipt.tsx"), "ReceiptRoute"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/account",
    component: lazyPart(() => import("./routes/account.tsx"), "AccountRoute"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/wallet",
    component: lazyPart(() => import("./routes/wallet.tsx"), "WalletRoute"),
  }),
  consoleRoute.addChildren([
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/",
      validateSearch: validateTexts,
      beforeLoad: ({ search, location: { hash } }) => {
        // Addresses of tasks from before there were sales here.
        const isOfTasks = hash !== "" || Object.keys(search).length > 0;
        if (isOfTasks) throw redirect({ to: "/console/tasks", search, hash, replace: true });
        throw redirect({ to: "/console/sales", replace: true });
      },
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/sales",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-sales.tsx"), "ConsoleSalesRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/sales/new",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-sale.tsx"), "ConsoleNewSaleRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/sales/$saleId",
      component: lazyPart(() => import("./routes/console-sale.tsx"), "ConsoleSaleRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/live",
      component: lazyPart(() => import("./routes/console-live.tsx"), "ConsoleLiveNowRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/sales/$saleId/live",
      component: lazyPart(() => import("./routes/console-live.tsx"), "ConsoleLiveRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/tasks",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-tasks.tsx"), "ConsoleTasksRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/warehouse",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-warehouse.tsx"), "ConsoleWarehouseRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/programs",
      component: lazyPart(() => import("./routes/console-programs.tsx"), "ConsoleProgramsRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/products",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-products.tsx"), "ConsoleProductsRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/people",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-people.tsx"), "ConsolePeopleRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/record",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-record.tsx"), "ConsoleRecordRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/record/path",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-record-path.tsx"), "ConsoleRecordPathRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/proof",
      component: lazyPart(() => import("./routes/console-proof.tsx"), "ConsoleProofRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/rehearsals",
      validateSearch: validateTexts,
      component: lazyPart(() => import("./routes/console-rehearsals.tsx"), "ConsoleRehearsalsRoute", STAFF),
    }),
    createRoute({
      getParentRoute: () => consoleRoute,
      path: "/chaos",
      component: lazyPart(() => import("./routes/console-chaos.tsx"), "ConsoleChaosRoute", STAFF),
    }),
  ]),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/sign-in",
    validateSearch: validateFrom,
    component: lazyPart(() => import("./routes/sign-in.tsx"), "SignInRoute"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/sign-up",
    validateSearch: validateFrom,
    component: lazyPart(() => import("./routes/sign-up.tsx"), "SignUpRoute"),
  }),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultErrorComponent: FailureRoute,
  defaultPendingComponent: PageSkeleton,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** The router reads what looks like a number as one: here it is a word. */
function validateWords({ search }: Record<string, unknown>): { search?: string } {
  const words = typeof search === "string" || typeof search === "number" ? String(search).trim().slice(0, 100) : "";
  return words === "" ? {} : { search: words };
}

/** What stands in the address of a part of the console is text; that part knows what it can mean. */
function validateTexts(search: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
}

function validateShow({ show }: Record<string, unknown>): { show?: "sales" | "orders" } {
  return show === "sales" || show === "orders" ? { show } : {};
}

function validateFrom(search: Record<string, unknown>): { from: string } {
  return { from: returnPath(search.from) };
}

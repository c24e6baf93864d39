import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { AppRouter } from "../../../server/app-router.ts";
import { createDoorbusterClient } from "../../sdk/index.ts";

/** Buys, tops up and watches: whatever must be retried with its key or followed. */
export const doorbuster = createDoorbusterClient({ url: "" });

/** Reading: what the server said last lives here and nowhere else. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A shop on this machine or this network answers although the browser believes to be offline.
      networkMode: "always",
      retry: (failures, error) => failures < QUERY_RETRIES_MAX && isWorthRetrying(error),
    },
    mutations: { networkMode: "always" },
  },
});

export const trpc = createTRPCOptionsProxy<AppRouter>({
  client: createTRPCClient<AppRouter>({ links: [httpLink({ url: "/trpc" })] }),
  queryClient,
});

/** The reason code of a failed query, where the server gave one. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const reason: unknown = error.data?.reason;
  return typeof reason === "string" ? reason : undefined;
}

/** What the server refused for good stays refused; a lost connection or a crowd passes. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return true;
  const status: unknown = error.data?.httpStatus;
  return typeof status !== "number" || status >= 500 || status === 409 || status === 429;
}

/** With the query client's own back-off this is about seven seconds before the page says that it could not load. */
const QUERY_RETRIES_MAX = 3;

import { createTRPCClient, httpLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { AppRouter } from "../../../server/app-router.ts";
import { queryClient } from "./clients.ts";

/** Reading through tRPC, for pages that are loaded when they are asked for. */
export const trpc = createTRPCOptionsProxy<AppRouter>({
  client: createTRPCClient<AppRouter>({ links: [httpLink({ url: "/trpc" })] }),
  queryClient,
});

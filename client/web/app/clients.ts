import { QueryClient } from "@tanstack/react-query";
import { createDoorbusterClient } from "../../sdk/index.ts";

/** The shop, as this page talks to it: it buys with keys, watches, and tries again by itself. */
export const doorbuster = createDoorbusterClient({ url: "" });

/** What the server said last lives here and nowhere else. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A shop on this machine or this network answers although the browser believes to be offline.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

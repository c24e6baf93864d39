import { QueryClient } from "@tanstack/react-query";
import { createDoorbusterClient } from "../../sdk/index.ts";
import { noteReachable } from "./connection.ts";
import { serverClock } from "./server-clock.ts";

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

/** Who is signed in; see `session.ts`. */
export const SESSION_KEY = ["session"];

/** The shop, as this page talks to it: it buys with keys, watches, and tries again by itself. */
export const doorbuster = createDoorbusterClient({ url: "", fetch: fetchFromShop });

/**
 * The shop, asked as this user and nobody else: when somebody else has signed in in another tab meanwhile, nothing is
 * done, and the answer is UNAUTHENTICATED.
 */
export function doorbusterAs(userId: string) {
  return createDoorbusterClient({
    url: "",
    fetch: (input, init) => fetchFromShop(input, { ...init, headers: { ...init?.headers, "x-user-id": userId } }),
  });
}

/** Any answer proves that the shop can be reached and says what time it is there; one of 401, that whoever was signed in is no longer. */
export async function fetchFromShop(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const askedAtMs = performance.now();
  const response = await fetch(input, init);
  noteReachable(askedAtMs);
  serverClock.observeDate(response.headers.get("date"));
  if (response.status === 401) {
    void queryClient.invalidateQueries({ queryKey: SESSION_KEY }, { cancelRefetch: false });
  }
  return response;
}

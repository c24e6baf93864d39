import { httpLink, type Operation, type TRPCLink } from "@trpc/client";
import { readAnswer } from "./read-answer.ts";
import { retryLink } from "./retry-link.ts";
import type { ShopRouter } from "./router.ts";
import { send } from "./send.ts";
import type { Settings } from "./settings.ts";
import { newTraceparent } from "./traceparent.ts";
import { watchLink } from "./watch-link.ts";

/** How the calls of a client travel: over tRPC's HTTP link, sent again where that is safe; a watched sale over a stream. */
export function linksOf(settings: Settings): TRPCLink<ShopRouter>[] {
  return [
    watchLink(settings),
    retryLink(settings),
    httpLink({
      url: `${settings.url}/trpc`,
      headers: ({ op }) => headersOf(op),
      // Read here, since tRPC's link knows neither `Retry-After` nor the status of an answer that is a proxy's page.
      fetch: async (url, init) => {
        const answer = await readAnswer(await send(settings, String(url), init as RequestInit));
        return { ok: true, json: async () => answer };
      },
    }),
  ];
}

function headersOf({ path, type, input }: Operation): Record<string, string> {
  return {
    accept: "application/json",
    ...(type === "mutation" && { traceparent: newTraceparent(input) }),
    ...(path === "purchases.buy" && itemHeader(input)),
  };
}

/** A proxy before several processes of the shop brings purchases of one item to one of them by it: they settle together. */
function itemHeader(input: unknown): Record<string, string> {
  const { itemId } = (input ?? {}) as { itemId?: unknown };
  return typeof itemId === "number" ? { "x-doorbuster-item": String(itemId) } : {};
}

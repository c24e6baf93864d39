import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { ShopRouter } from "./router.ts";
import type { Settings } from "./settings.ts";
import { watchSale } from "./watch.ts";

/** Takes `client.trpc.sales.watch.subscribe`, the one subscription there is, and hands on everything else. */
export function watchLink(settings: Settings): TRPCLink<ShopRouter> {
  return () =>
    ({ op, next }) => {
      if (op.type !== "subscription") return next(op);
      return observable((observer) => {
        const controller = new AbortController();
        const { signal } = controller;
        const watch = async () => {
          observer.next({ result: { type: "started" } });
          for await (const update of watchSale(settings, op.input as { saleId: number }, { signal })) {
            observer.next({ result: { type: "data", data: update } });
          }
        };
        watch().then(
          () => observer.complete(),
          (error) => observer.error(error),
        );
        return () => controller.abort();
      });
    };
}

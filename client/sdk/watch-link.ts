import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { ShopRouter } from "./router.ts";
import type { Settings } from "./settings.ts";
import { subscribe } from "./watch.ts";

/** Takes subscriptions, `client.trpc.sales.watch.subscribe` and `figures.watch`, and hands on everything else. */
export function watchLink(settings: Settings): TRPCLink<ShopRouter> {
  return () =>
    ({ op, next }) => {
      if (op.type !== "subscription") return next(op);
      return observable((observer) => {
        const controller = new AbortController();
        const { signal } = controller;
        const watch = async () => {
          observer.next({ result: { type: "started" } });
          for await (const update of subscribe(settings, op, { signal })) {
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

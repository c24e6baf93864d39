import { createRouter } from "../../server/app/router.ts";
import { buyerProcedure, parsedAtOnce, router } from "../../server/http/trpc.ts";
import { buyInputSchema } from "../../shared/purchases.ts";
import { serve } from "../servers/serve.ts";
import { startFront } from "./front.ts";

/** The ceiling of the front: a procedure beside the shop's own that takes what `buy` takes, and does nothing. */
const noOp = buyerProcedure
  .input(parsedAtOnce(buyInputSchema))
  .mutation(({ input }) => ({ outcome: "nothing", itemId: input.itemId }));

await serve(() => startFront({ createRouter: (services) => router({ ...createRouter(services)._def.record, noOp }) }));

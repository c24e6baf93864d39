import type { FastifyInstance } from "fastify";
import { type ChaosInput, chaosInputSchema } from "../../../shared/operations.ts";
import { parsed } from "../../http/faults.ts";
import type { Chaos } from "./chaos.ts";

/** `GET /chaos` tells which faults are on, `POST /chaos` starts one, or stops one or all. Both answer the state. */
export async function chaosRoutes(app: FastifyInstance, { chaos }: { readonly chaos: Chaos }): Promise<void> {
  app.get("/chaos", async () => chaos.state());

  app.post("/chaos", async (request) => {
    const input: ChaosInput = parsed(chaosInputSchema, request.body);
    const state = chaos.control(input);
    request.log.warn({ input }, "chaos");
    return state;
  });
}

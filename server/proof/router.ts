import { noInputSchema } from "../../shared/primitives.ts";
import { listHeadsInputSchema, startProofInputSchema } from "../../shared/proof.ts";
import { router, staffProcedure } from "../http/trpc.ts";
import { listHeads } from "./heads.ts";
import type { ProofServices } from "./services.ts";
import { signedProof } from "./sign.ts";
import { startProof } from "./start.ts";
import { proofState } from "./state.ts";

/** Auditors may have everything proved: that changes nothing. */
export const proofRouter = (services: ProofServices) =>
  router({
    state: staffProcedure.input(noInputSchema).query(() => proofState(services)),
    start: staffProcedure.input(startProofInputSchema).mutation(({ input }) => startProof(services, input.kind)),
    heads: staffProcedure.input(listHeadsInputSchema).query(({ input }) => listHeads(services.operatorReads, input)),
    signed: staffProcedure.input(noInputSchema).query(() => signedProof(services)),
  });

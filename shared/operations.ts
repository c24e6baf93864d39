import { z } from "zod";

/** What `operations.reconcile` found: every invariant with a sentence about it; `ok` when all of them hold. */
const reconcileResultSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type ReconcileResult = z.infer<typeof reconcileResultSchema>;

import { sign, verify } from "node:crypto";
import type { ChainHead } from "../../shared/chain.ts";
import type { Proof, SignedProof } from "../../shared/proof.ts";
import { chainHeads } from "../chain/heads.ts";
import { isoTime } from "../database/times.ts";
import { reconcileState } from "../operations/reconcile-runs.ts";
import { publicKeyOf } from "./proof-key.ts";
import type { ProofServices } from "./services.ts";
import { lastVerification } from "./state.ts";

/** What was proved last, with the heads as they stand, signed: to be kept where the shop's database does not reach. */
export async function signedProof({ operatorReads, proofKey }: ProofServices): Promise<SignedProof> {
  const [{ lastFull }, verification] = await Promise.all([
    reconcileState({ database: operatorReads }),
    lastVerification(operatorReads),
  ]);
  const heads: ChainHead[] = [];
  for await (const { chain, number, head } of chainHeads(operatorReads)) heads.push({ chain, number, head });
  const proof: Proof = {
    proof: "doorbuster",
    version: 1,
    madeAt: isoTime(Date.now()),
    reconcile: lastFull && { startedAt: lastFull.startedAt, ok: lastFull.ok, checks: lastFull.checks },
    chain: verification ? chainOf(verification) : null,
    heads,
  };
  const signature = sign(null, Buffer.from(canonicalJson(proof)), proofKey).toString("base64");
  return { proof, signature, publicKey: publicKeyOf(proofKey) };
}

/** Whether a signed result is as it was signed. By whom, its reader tells by the key. */
export function isGenuine({
  proof,
  signature,
  publicKey,
}: {
  proof: unknown;
  signature: string;
  publicKey: string;
}): boolean {
  try {
    return verify(null, Buffer.from(canonicalJson(proof)), publicKey, Buffer.from(signature, "base64"));
  } catch {
    // What is no key verifies nothing.
    return false;
  }
}

function chainOf({ result, at }: NonNullable<Awaited<ReturnType<typeof lastVerification>>>): Proof["chain"] {
  const { ok, rows, sets, sealedUntil, finding } = result;
  return { verifiedAt: at, ok, rows, sets, sealedUntil, finding: finding?.message ?? null };
}

/** RFC 8785 for what a proof consists of: texts, whole numbers, booleans and null, in lists and objects. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(",")}}`;
}

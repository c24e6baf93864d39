import { z } from "zod";
import type { ChainHead, ChainResult } from "./chain.ts";
import type { ReconcileResult } from "./operations.ts";
import { pageInputSchema } from "./primitives.ts";

/** What can be proved on demand: that everything adds up, and that nothing sealed was changed. */
export const PROOF_KINDS = ["reconcile", "chain"] as const;
export type ProofKind = (typeof PROOF_KINDS)[number];

/** `proof.start` */
export const startProofInputSchema = z.strictObject({ kind: z.enum(PROOF_KINDS) });

/** A run that somebody asked for. Times are ISO 8601 in UTC. */
export interface ProofRun {
  startedAt: string;
  /** Null while it is under way. */
  endedAt: string | null;
  /** Checks, or rows, of how many. */
  done: number;
  total: number;
}

/** `proof.state` */
export interface ProofState {
  /** The run over everything that is under way, or the last one that somebody asked for here. */
  reconcile: ProofRun | null;
  checks: ProofCheck[];
  chain: ProofRun | null;
  /** What the last run over the chain that came to an end has found. */
  verified: ChainResult | null;
  verifiedAt: string | null;
  /** Everything that was recorded before this is sealed; null before the first seal. */
  sealedUntil: string | null;
  ageSeconds: number | null;
  /** With which the results are signed: Ed25519, as PEM. */
  publicKey: string;
}

/** An invariant, as the last run that looked at it found it. */
export interface ProofCheck extends ReconcileCheck {
  checkedAt: string;
  /** When it was last found to hold; null where that is longer ago than runs are kept. */
  lastTrueAt: string | null;
}

type ReconcileCheck = ReconcileResult["checks"][number];

/** `proof.heads`: what is on sale, newest first; the other tables of records come with the first page. */
export const listHeadsInputSchema = pageInputSchema.prefault({});

export interface ItemHead extends ChainHead {
  /** Null for a chain that is not an item's. */
  item: { itemId: number; name: string; saleId: number; saleName: string } | null;
  /** Everything of it before this is in sets. */
  sealedUntil: string;
}

/** What was proved, to be kept elsewhere. */
export interface Proof {
  proof: "doorbuster";
  version: 1;
  /** When it was signed. */
  madeAt: string;
  /** The last run over everything; null before the first. */
  reconcile: { startedAt: string; ok: boolean; checks: ReconcileCheck[] } | null;
  /** The last run over the chain. */
  chain: {
    verifiedAt: string;
    ok: boolean;
    rows: number;
    sets: number;
    sealedUntil: string | null;
    finding: string | null;
  } | null;
  /** Of every chain as it stands now: what `audit verify --published` can be held against. */
  heads: ChainHead[];
}

/** `proof.signed` */
export interface SignedProof {
  proof: Proof;
  /** Ed25519 over the canonical JSON (RFC 8785) of `proof`, in base64. */
  signature: string;
  publicKey: string;
}

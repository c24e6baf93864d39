import type { KeyObject } from "node:crypto";
import type { Databases } from "../database/databases.ts";
import type { OperationsServices } from "../operations/services.ts";

/** What the verbs of proof work with. */
export interface ProofServices extends Databases, Pick<OperationsServices, "warehouse" | "onError"> {
  /** Ed25519, private: signs results. */
  readonly proofKey: KeyObject;
}

import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contestant, type Figure, type Sample, SkippedFigure } from "../figure.ts";
import { startChild } from "../stage/child.ts";
import type { Stage } from "../stage.ts";
import type { Prepare } from "./revision.ts";

/** Another version of this project, ready to run. */
export interface Revision {
  /** As it was asked for. */
  readonly name: string;
  readonly folder: string;
}

/** The same figure with that version as its only peer, and without targets: the ratio is what was asked for. */
export function against(revision: Revision, figure: Figure): Figure {
  return {
    ...figure,
    targets: [],
    async prepare(stage) {
      const peer = await revisionAsPeer(stage, revision, figure.id);
      return { subject: (await figure.prepare(stage)).subject, peers: [peer] };
    },
  };
}

async function revisionAsPeer(stage: Stage, { name, folder }: Revision, id: string): Promise<Contestant> {
  const { HOME = "", TMPDIR = tmpdir(), CHROMIUM_PATH = "" } = process.env;
  const child = startChild(join(import.meta.dirname, "revision.ts"), { HOME, TMPDIR, CHROMIUM_PATH });
  stage.onEnd(() => child.stop());
  const { roundMs, warmUpMs, storedAttempts } = stage;
  const prepare: Prepare = { folder, id, roundMs, warmUpMs, storedAttempts };
  child.send({ kind: "prepare", ...prepare });
  const { isThere } = await child.next<{ isThere: boolean }>("prepared");
  if (!isThere) throw new SkippedFigure(`${name} has no figure ${id}`);
  return {
    name,
    async round() {
      child.send({ kind: "round" });
      return (await child.next<{ sample: Sample }>("sample")).sample;
    },
  };
}

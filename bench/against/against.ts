import { tmpdir } from "node:os";
import { type Contestant, type Figure, SkippedFigure } from "../figure.ts";
import type { Stage } from "../stage.ts";
import type { RevisionMethods } from "./revision.ts";

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
  const child = await stage.startChild<RevisionMethods>("against/revision.ts", { HOME, TMPDIR, CHROMIUM_PATH });
  const { roundMs, warmUpMs, storedAttempts } = stage;
  const isThere = await child.call("prepare", { folder, id, roundMs, warmUpMs, storedAttempts });
  if (!isThere) throw new SkippedFigure(`${name} has no figure ${id}`);
  return { name, round: () => child.call("round") };
}

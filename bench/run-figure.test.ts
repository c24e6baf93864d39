import { expect, test } from "vitest";
import type { Figure } from "./figure.ts";
import type { FigureStage } from "./open-stage.ts";
import { table } from "./report/table.ts";
import { runFigure } from "./run-figure.ts";

test("contestants take turns, and who was first in a round is last in the next", async () => {
  const turns: string[] = [];
  const contestant = (name: string, value: number) => ({
    name,
    async round() {
      turns.push(name);
      return { value };
    },
  });
  const figure: Figure = {
    id: "P1",
    what: "buying",
    unit: "purchases/s",
    targets: [],
    prepare: async () => ({ subject: contestant("doorbuster", 10_300), peers: [contestant("main~3", 10_000)] }),
  };
  const result = await runFigure(figure, { stage: IDLE, rounds: 3 });
  expect(turns).toEqual(["doorbuster", "main~3", "main~3", "doorbuster", "doorbuster", "main~3"]);
  // Without a target there is a line with both and their ratio all the same.
  expect(table([result])).toMatch(/P1 .*10,300 +10,300–10,300 +main~3 +10,000 +1.03 ×$/m);
});

const IDLE = { say() {}, async settle() {}, async close() {} } as unknown as FigureStage;

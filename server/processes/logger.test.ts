import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";

it("names levels, and gives times with their zone, to machines", () => {
  const lines: string[] = [];
  const logger = createLogger({ mode: "production", logLevel: "info" }, { write: (line) => void lines.push(line) });
  logger.child({ role: "worker" }).warn("a sentence");
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    role: "worker",
    msg: "a sentence",
  });
});

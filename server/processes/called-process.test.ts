import { afterEach, expect, test } from "vitest";
import type { FixtureMethods } from "./called-process.fixture.ts";
import { type CalledProcess, startCalledProcess } from "./called-process.ts";

const module = `${import.meta.dirname}/called-process.fixture.ts`;
const stops: (() => Promise<void>)[] = [];
const start = (env: Record<string, string> = {}): Promise<CalledProcess<FixtureMethods>> =>
  startCalledProcess<FixtureMethods>({ module, execArgv: [], env, onEnd: (stop) => stops.push(stop) });

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

test("a process answers what it is called for, and what fails there fails here, with its words", async () => {
  const child = await start();
  const answers = [child.call("double", 1), child.call("fail"), child.call("double", 2)];
  await expect(answers[1]).rejects.toThrow(/called-process\.fixture\.ts: Error: there is nothing to sell/);
  expect([await answers[0], await answers[2]]).toEqual([2, 4]);
});

test("a process that ends leaves no call without an answer", async () => {
  const child = await start();
  await expect(child.call("end")).rejects.toThrow("called-process.fixture.ts ended with 3");
  await expect(child.call("double", 1)).rejects.toThrow("has ended");
  await child.stop();
});

test("a process that does not come up says why", async () => {
  await expect(start({ FIXTURE_FAILS: "1" })).rejects.toThrow("the port is taken");
});

import { hostname } from "node:os";
import { expect, it } from "vitest";
import { breakerName } from "./breaker-name.ts";

it("tells the breakers of several starts on one host apart, and keeps a name over restarts where it can", () => {
  const roles = ["web", "worker"] as const;
  expect(breakerName("web-1", { port: 3000, roles })).toBe(`web-1@${hostname()}:3000`);
  expect(breakerName("web-1", { port: 3100, roles })).toBe(`web-1@${hostname()}:3100`);
  expect(breakerName("worker", { port: 3000, roles: ["worker"] })).toBe(`worker@${hostname()}#${process.pid}`);
  expect(breakerName("web-1", { port: 0, roles })).toBe(`web-1@${hostname()}#${process.pid}`);
});

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");

const { scripts, optionalDependencies, allowScripts } = z
  .object({
    scripts: z.record(z.string(), z.string()),
    optionalDependencies: z.record(z.string(), z.string()),
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")));

const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        integrity: z.string().optional(),
        /** Comes inside another package's archive. */
        inBundle: z.boolean().default(false),
        hasInstallScript: z.boolean().default(false),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")));

it("locks every package, Node and PostgreSQL included, by the hash of its content", () => {
  const installed = Object.entries(packages).filter(([path, { inBundle }]) => path !== "" && !inBundle);
  expect(installed.length).toBeGreaterThan(200);
  expect(installed.flatMap(([path, { integrity }]) => (integrity?.startsWith("sha512-") ? [] : path))).toEqual([]);
  for (const platform of ["linux-x64", "linux-arm64", "darwin-x64", "win-x64"]) {
    expect(optionalDependencies).toHaveProperty(`node-${platform}`);
  }
});

it("runs no script of a package at its installation", () => {
  const withScripts = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? path.replace(/^.*node_modules\//, "") : [],
  );
  // fsevents compiles on macOS alone, and comes compiled.
  for (const name of withScripts.filter((name) => name !== "fsevents")) expect(allowScripts[name], name).toBe(false);
});

it("says which Node it needs where an older one would meet a SyntaxError", async () => {
  const servers = Object.values(scripts).filter((script) => script.startsWith("node "));
  expect(servers.length).toBeGreaterThan(5);
  for (const script of servers) expect(script).toContain("node --require ./server/require-node.cjs ");

  const older = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "20.19.5" } });';
  const flags = ["--import", older, "--input-type=module", "--eval", 'await import("./server/require-node.cjs");'];
  const ended = promisify(execFile)(process.execPath, flags, { cwd: ROOT });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Doorbuster needs Node 24, and this is 20\.19\.5: .*\n$/),
  });
});

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";

/* The packed SDK in a project of somebody else's. */

const ROOT = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()) });

/** A build on a machine that does other things besides. */
const BUILD_MS_MAX = 120_000;

let project: string;
let installed: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "doorbuster-sdk-"));
  installed = join(project, "node_modules/doorbuster-sdk");
  await mkdir(installed, { recursive: true });
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", project, import.meta.dirname]);
  const [, file] = /"filename": "([^"]+)"/.exec(stdout) ?? [];
  await run("tar", [
    "--extract",
    "--strip-components=1",
    "--file",
    join(project, String(file)),
    "--directory",
    installed,
  ]);
  for (const name of ["@trpc", "@types"])
    await symlink(join(ROOT, "node_modules", name), join(project, "node_modules", name));
}, BUILD_MS_MAX);

afterAll(() => rm(project, { recursive: true, force: true }));

it("brings the packages that it imports, in the shop's own version, and no other", async () => {
  const imported = new Set<string>();
  for (const file of await readdir(installed, { recursive: true })) {
    if (!/\.(js|d\.ts)$/.test(file)) continue;
    const text = await readFile(join(installed, file), "utf8");
    for (const [, specifier = ""] of text.matchAll(/\b(?:from|import)\s*\(?"((?:@[^/"]+\/)?[^"./]+)/g))
      imported.add(specifier);
  }
  const { dependencies } = manifestSchema.parse(JSON.parse(await readFile(join(installed, "package.json"), "utf8")));
  const ours = manifestSchema.parse(JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"))).dependencies;
  expect(Object.keys(dependencies)).toEqual([...imported].sort());
  for (const [name, version] of Object.entries(dependencies)) expect(version).toBe(ours[name]);
});

it("type-checks the README's first example in a strict project, and runs", async () => {
  const readme = await readFile(join(installed, "README.md"), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(example).toContain('from "doorbuster-sdk"');
  const compilerOptions = {
    strict: true,
    module: "nodenext",
    target: "es2024",
    types: ["node"],
    skipLibCheck: true,
    noEmit: true,
  };
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["buy.ts"] }));
  await writeFile(join(project, "buy.ts"), example.replace("localhost:3000", "127.0.0.1:1"));
  await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--project", project]);

  const ended = run(process.execPath, [join(project, "buy.ts")]);
  // Nobody listens there, so that the error is the SDK's own.
  await expect(ended).rejects.toMatchObject({ stderr: expect.stringContaining("DoorbusterError") });
});

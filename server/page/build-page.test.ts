import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { pageRoutes } from "../http/page.ts";
import { buildPage } from "./build-page.ts";

/** A page of one script, in a project of its own, with a shop to serve it. */
async function startProject() {
  const root = await mkdtemp(join(tmpdir(), "doorbuster-project-"));
  const web = join(root, "client", "web");
  await mkdir(web, { recursive: true });
  await writeFile(join(root, "vite.config.ts"), `export default { root: ${JSON.stringify(web)} };`);
  await writeFile(join(web, "index.html"), '<!doctype html><script type="module" src="./main.js"></script>');
  return {
    /** Builds the page with this text in its script. */
    async build(text: string) {
      await writeFile(join(web, "main.js"), `document.title = ${JSON.stringify(text.repeat(100))};`);
      const progress: string[] = [];
      const folder = await buildPage(root, (sentence) => progress.push(sentence));
      if (folder === undefined) throw new Error("There are sources, so there is a page");
      return { folder, progress };
    },
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function openShop(folder: string) {
  const app = Fastify();
  await pageRoutes(app, { folder });
  const get = async (url: string) => (await app.inject({ url })).body;
  return {
    get,
    /** The address of the page's script. */
    scriptPath: async () => /src="(\/assets\/[^"]+)"/.exec(await get("/"))?.[1] ?? "",
    [Symbol.asyncDispose]: () => app.close(),
  };
}

it("builds again only when something of the page has changed", async () => {
  await using project = await startProject();
  expect((await project.build("one ")).progress).toEqual(["Building the page"]);
  expect((await project.build("one ")).progress).toEqual([]);
  expect((await project.build("two ")).progress).toEqual(["Building the page"]);
});

it("leaves a running shop the page that it started with, and open pages their scripts", async () => {
  await using project = await startProject();
  const { folder } = await project.build("one ");
  await using running = await openShop(folder);
  const before = await running.scriptPath();

  await project.build("two ");
  expect(await running.scriptPath()).toBe(before);
  expect(await running.get(before)).toContain("one one");

  await using next = await openShop(folder);
  const after = await next.scriptPath();
  expect(after).not.toBe(before);
  expect(await next.get(after)).toContain("two two");
  // A page that was opened before, and is now served by the next process; and the other way round.
  expect(await next.get(before)).toContain("one one");
  expect(await running.get(after)).toContain("two two");
});

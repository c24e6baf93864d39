import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, it, vi } from "vitest";

/*
 * What a visitor downloads before they see a sale. Everything else of the page is loaded when it is asked for or
 * pointed at: a route's component goes into `router.tsx` by `lazyPart`, and takes what it needs along.
 */

const ROOT = join(import.meta.dirname, "../..");
/** What goes on by itself (signed in again, back online, in another tab) has to be there before it is needed. */
const FIRST_LOAD_BYTES_MAX = 141_000;
const BUILD_MS_MAX = 120_000;

let output: Rolldown.RolldownOutput["output"];
let chunks: Rolldown.OutputChunk[];
let html: string;

beforeAll(async () => {
  // As `bundle-page.ts` has it built.
  vi.stubEnv("NODE_ENV", "production");
  const built = await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { write: false } });
  vi.unstubAllEnvs();
  if (!("output" in built)) throw new Error("The page is bundled once");
  ({ output } = built);
  chunks = output.filter((file) => file.type === "chunk");
  const index = output.find(({ fileName }) => fileName === "index.html");
  html = index?.type === "asset" ? String(index.source) : "";
}, BUILD_MS_MAX);

/**
 * The scripts that the page cannot do without, which are those that index.html names and what they import. The browser is
 * sent 2 kB more (P12 of the benchmark): the drawing of the door, which comes after the sale is shown and may stay away.
 */
function firstLoadNames(): Set<string> {
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.has(name)) return;
    names.add(name);
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) add(imported);
  };
  for (const [, name] of html.matchAll(/<script[^>]* src="\/(assets\/[^"]+)"/g)) add(name ?? "");
  return names;
}

function firstLoad(): Rolldown.OutputChunk[] {
  const names = firstLoadNames();
  return chunks.filter(({ fileName }) => names.has(fileName));
}

function modulesOf(loaded: readonly Rolldown.OutputChunk[]): string[] {
  return loaded.flatMap(({ moduleIds }) => moduleIds.map((id) => relative(ROOT, id).replaceAll("\\", "/")));
}

it("weighs no more than it may", () => {
  const names = firstLoadNames();
  const files = output.filter(({ fileName }) => names.has(fileName));
  expect(files).toHaveLength(names.size);
  const bytes = files.map((file) => gzipSync(file.type === "chunk" ? file.code : file.source, { level: 9 }).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
});

it("holds the sale and the frame around it, and no other route", () => {
  const routes = modulesOf(firstLoad()).filter((id) => id.startsWith("client/web/routes/"));
  expect(routes.map((id) => id.slice("client/web/routes/".length)).sort()).toEqual([
    "failure.tsx",
    "footer.tsx",
    "header.tsx",
    "not-found.tsx",
    "pending.tsx",
    "root.tsx",
    "sale-view.tsx",
    "sale.tsx",
  ]);
});

it("leaves forms, dialogs, schemas, console and charts to the routes that have them", () => {
  const apart = /node_modules\/(@base-ui|zod|recharts|d3-[^/]*)\/|client\/web\/features\/(console|accounts)\//;
  expect(modulesOf(firstLoad()).filter((id) => apart.test(id))).toEqual([]);
  // They are in the page, or else this would prove nothing.
  expect(modulesOf(chunks).filter((id) => apart.test(id))).not.toEqual([]);
});

it("names scripts, styles and fonts for what is in them, so that browsers keep them", () => {
  const addresses = [...html.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  expect(addresses).not.toEqual([]);
  expect(addresses.filter((address) => !/^\/assets\/.+-[\w-]{8}\.\w+$/.test(address ?? ""))).toEqual(["/favicon.svg"]);
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "@playwright/test";
import { makeSale } from "../../server/testing/factories.ts";
import { openBrowser } from "../browser/open-browser.ts";
import type { Figure, Sample } from "../figure.ts";

const NAMED = "files that index.html names, by gzip -9 kB";

/**
 * P12: what a visitor who was never here downloads to see a sale. Counted is what the browser was sent, bodies without
 * headers, until the sale, its countdown and the way to sign in are shown and the network has been quiet for a moment.
 * What the page loads later, when it is asked for or pointed at, is not part of it. The files that index.html names are what
 * `server/page/first-load.test.ts` counts; the rest is the drawing of the door, which the page fetches by itself.
 */
export const pageWeight: Figure = {
  id: "P12",
  what: "first load of the sale's page: JavaScript, gzip, as sent to the browser",
  unit: "kB",
  roundsMax: 3,
  targets: [{ atMost: 140 }, { detail: NAMED, atMost: 140 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const { saleId } = await makeSale(
      store.database,
      Array.from({ length: 8 }, () => ({ stock: 100 })),
    );
    const server = await stage.startServer({ entry: "servers/shop.ts", store, env: { BENCH_PAGE: "built" } });
    const browser = await openBrowser(stage);
    const url = `${server.url}/sales/${saleId}`;
    return { subject: { name: "page", round: () => measure(browser, url) } };
  },
};

async function measure(browser: Browser, url: string): Promise<Sample> {
  const gzip = await firstLoad(browser, url, ["gzip"]);
  const usual = await firstLoad(browser, url);
  const html = await readFile(join(BUILT, "index.html"), "utf8");
  return {
    value: kB(sizeOf(gzip.scripts)),
    details: {
      "files by gzip -9 kB": kB(await zippedFiles(gzip.scripts)),
      [NAMED]: kB(await zippedFiles(gzip.scripts.filter(({ path }) => html.includes(`src="${path}"`)))),
      "JavaScript in the encoding that the browser prefers kB": kB(sizeOf(usual.scripts)),
      "everything in that encoding kB": kB(sizeOf(usual.all)),
      "requests for scripts": usual.scripts.length,
      "first contentful paint ms": usual.firstPaintMs,
      "largest contentful paint ms": usual.largestPaintMs,
      "layout shift (CLS)": usual.layoutShift,
    },
  };
}

/** Loads the page in a browser with an empty cache. */
async function firstLoad(browser: Browser, url: string, encodings?: readonly string[]): Promise<FirstLoad> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 850 } });
  try {
    const page = await context.newPage();
    if (encodings) {
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.setExtraHTTPHeaders", { headers: { "Accept-Encoding": encodings.join() } });
    }
    await page.addInitScript(observe);
    await page.goto(url);
    await page.getByRole("timer").waitFor();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    await quiet(page);
    const { resources, ...vitals } = await page.evaluate(read);
    return { ...vitals, all: resources, scripts: resources.filter(({ path }) => path.endsWith(".js")) };
  } finally {
    await context.close();
  }
}

/** Until nothing has come for a moment. The stream of live stock stays open, so the network is never idle. */
async function quiet(page: Page): Promise<void> {
  const count = () => page.evaluate(() => performance.getEntriesByType("resource").length);
  for (let before = -1, now = await count(); now !== before; now = await count()) {
    before = now;
    await page.waitForTimeout(QUIET_MS);
  }
}

const QUIET_MS = 1_000;

/** Runs in the page, before anything of it. */
function observe(): void {
  const seen = { largestPaintMs: 0, layoutShift: 0 };
  Object.assign(globalThis, { seen });
  const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch("largest-contentful-paint", (entry) => {
    seen.largestPaintMs = entry.startTime;
  });
  watch("layout-shift", (entry) => {
    seen.layoutShift += (entry as PerformanceEntry & { value: number }).value;
  });
}

/** Runs in the page. */
function read() {
  const { seen } = globalThis as unknown as { seen: { largestPaintMs: number; layoutShift: number } };
  const loads = ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type));
  const resources = (loads as PerformanceResourceTiming[]).map(({ name, encodedBodySize }) => ({
    path: new URL(name).pathname,
    bytes: encodedBodySize,
  }));
  const firstPaintMs = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
  return { ...seen, firstPaintMs, resources };
}

/** The same scripts as they lie in the folder of the built page, compressed here. */
async function zippedFiles(scripts: readonly Resource[]): Promise<number> {
  const files = await Promise.all(scripts.map(({ path }) => readFile(join(BUILT, path))));
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}

const BUILT = join(import.meta.dirname, "../../dist/web");

function sizeOf(resources: readonly Resource[]): number {
  return resources.reduce((sum, { bytes }) => sum + bytes, 0);
}

function kB(bytes: number): number {
  return bytes / 1_000;
}

interface FirstLoad {
  readonly all: readonly Resource[];
  readonly scripts: readonly Resource[];
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  readonly layoutShift: number;
}

interface Resource {
  readonly path: string;
  /** Of the body, as it was sent. */
  readonly bytes: number;
}

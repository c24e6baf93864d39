import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { seedDemo } from "../../server/sales/demo.ts";
import { type Figure, type Sample, SkippedFigure } from "../figure.ts";

/**
 * P19: what Lighthouse says of the sale's page and of the catalogue, on a phone with a slow network and a quarter of this
 * machine's speed, in its own simulation. Its four scores are those of performance, accessibility, best practices and
 * search engines; counted is the lowest of the eight. npm fetches Lighthouse for this figure alone.
 */
export const phone: Figure = {
  id: "P19",
  what: "Lighthouse on a phone: the lowest score of the sale's page and the catalogue",
  unit: "of 100",
  roundsMax: 5,
  targets: [{ atLeast: 90 }],
  async prepare(stage) {
    const { findChromium } = await import("../../e2e/chromium.ts");
    const chromium = await findChromium();
    if (chromium === undefined) throw new SkippedFigure("No Chromium is installed (npm test installs one).");
    const store = await stage.makeStore();
    await seedDemo(store.database);
    const { url } = await stage.startServer({ entry: "servers/shop.ts", store, env: { BENCH_PAGE: "built" } });
    const folder = await stage.makeFolder();
    return { subject: { name: "page", round: () => measure({ chromium, folder, url }) } };
  },
};

async function measure({ chromium, folder, url }: Where): Promise<Sample> {
  const details: Record<string, number> = {};
  const scores: number[] = [];
  for (const [page, path] of Object.entries(PAGES)) {
    const { categories, audits } = await runLighthouse({ chromium, folder, url: url + path });
    for (const { id, score } of Object.values(categories)) {
      scores.push(score * 100);
      details[`${page}: ${id}`] = score * 100;
    }
    details[`${page}: largest contentful paint ms`] = audits["largest-contentful-paint"].numericValue;
    details[`${page}: total blocking time ms`] = audits["total-blocking-time"].numericValue;
  }
  return { value: Math.min(...scores), details };
}

const PAGES = { sale: "/", catalogue: "/catalogue" };

async function runLighthouse({ chromium, folder, url }: Where): Promise<z.infer<typeof reportSchema>> {
  const file = join(folder, "report.json");
  const flags = ["--headless=new", "--disable-background-networking", "--disable-quic", "--no-first-run"];
  if (process.getuid?.() === 0) flags.push("--no-sandbox");
  const lighthouse = ["exec", "--yes", `--package=lighthouse@${LIGHTHOUSE}`, "--", "lighthouse"];
  await promisify(execFile)(
    "npm",
    [
      ...lighthouse,
      url,
      CATEGORIES,
      "--quiet",
      "--output=json",
      `--output-path=${file}`,
      `--chrome-flags=${flags.join(" ")}`,
    ],
    { env: { ...process.env, CHROME_PATH: chromium }, timeout: RUN_MS_MAX },
  );
  return reportSchema.parse(JSON.parse(await readFile(file, "utf8")));
}

const CATEGORIES = "--only-categories=performance,accessibility,best-practices,seo";

/** The newest when this was written, which needs the Node that the project brings. */
const LIGHTHOUSE = "13.5.0";

/** The first run fetches it. */
const RUN_MS_MAX = 300_000;

const auditSchema = z.object({ numericValue: z.number() });
const reportSchema = z.object({
  categories: z.record(z.string(), z.object({ id: z.string(), score: z.number() })),
  audits: z.object({ "largest-contentful-paint": auditSchema, "total-blocking-time": auditSchema }),
});

interface Where {
  readonly chromium: string;
  readonly folder: string;
  readonly url: string;
}

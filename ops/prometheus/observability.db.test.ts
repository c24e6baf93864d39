import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../server/app/app.fixture.ts";
import { createLogger } from "../../server/processes/logger.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { startWarehouse, type Warehouse } from "../../server/warehouse/service/start-warehouse.ts";
import { expressionsOf, readDashboards } from "../grafana/read-dashboards.ts";
import { metricNames } from "../metric-names.ts";
import { findPromtool, promtool } from "./promtool.ts";
import { readAlerts } from "./read-alerts.ts";

const TOKEN = "a-token-for-those-who-measure";
const SECRET = "a secret between shop and warehouse";

let test: TestDatabase;
let warehouse: Warehouse;
let app: TestApp;
/** What each tells. */
let shopText: string;
let warehouseText: string;

beforeAll(async () => {
  test = await createTestDatabase();
  warehouse = await startWarehouse({
    databaseUrl: test.url,
    schema: "warehouse",
    host: "127.0.0.1",
    port: 0,
    secrets: [SECRET],
    metricsToken: TOKEN,
    logger: createLogger({ mode: "production", logLevel: "silent" }),
    chaosAllowed: [],
    poolSize: 2,
    onError: () => {},
  });
  app = await startTestApp(test, {
    ROLES: "web,worker",
    METRICS_TOKEN: TOKEN,
    WAREHOUSE_URL: warehouse.url,
    WAREHOUSE_SECRET: SECRET,
  });
  const authorization = { authorization: `Bearer ${TOKEN}` };
  shopText = (await app.send("/metrics", { headers: authorization })).text;
  warehouseText = await (await fetch(`${warehouse.url}/metrics`, { headers: authorization })).text();
});

afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  await warehouse?.close();
  await test[Symbol.asyncDispose]();
});

it("tells whoever shows the token, for all processes of the shop", async () => {
  expect((await app.send("/metrics")).status).toBe(401);
  expect((await app.send("/metrics", { token: `${TOKEN}.` })).status).toBe(401);
  expect(shopText).toContain('doorbuster_process_up{process="worker"} 1');
  expect(shopText).toMatch(/^process_cpu_seconds_total\{process="worker"\} /m);
});

describe("what is asked of Prometheus", async () => {
  const { alerts, recorded } = await readAlerts();
  const dashboards = await readDashboards();
  const asked = [
    ...alerts.map(({ alert, expr }) => [alert, expr] as const),
    ...recorded.map(({ record, expr }) => [record, expr] as const),
    ...dashboards.flatMap((board) => expressionsOf(board).map((expr) => [board.title, expr] as const)),
  ];

  it("is about metrics that shop and warehouse tell, or that are recorded of them", () => {
    const told = new Set([...namesIn(shopText), ...namesIn(warehouseText), ...recorded.map(({ record }) => record)]);
    const missing = asked.flatMap(([where, expr]) =>
      metricNames(expr).flatMap((name) => (told.has(name) || MADE_BY_PROMETHEUS.has(name) ? [] : `${where}: ${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it("shows every metric of the shop's own somewhere", () => {
    const shown = new Set(asked.flatMap(([, expr]) => metricNames(expr).map(withoutSuffix)));
    const own = [...namesIn(shopText), ...namesIn(warehouseText)].filter((name) => name.startsWith("doorbuster_"));
    expect([...new Set(own.map(withoutSuffix))].filter((name) => !shown.has(name) && !NOT_SHOWN.has(name))).toEqual([]);
  });

  it("is PromQL, by promtool", async (context) => {
    await needsPromtool(context);
    const rules = asked.map(([, expr], index) => ({ record: `checked:${index}`, expr }));
    await using folder = await temporaryFolder();
    const file = join(folder.path, "rules.yml");
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ groups: [{ name: "checked", rules }] }));
    expect(await promtool(["check", "rules", file])).toContain(`${rules.length} rules found`);
  });
});

describe("promtool", () => {
  it.for(["prometheus.yml", "prometheus.local.yml"])("finds nothing wrong with %s", async (name, context) => {
    await needsPromtool(context);
    await promtool(["check", "config", "--syntax-only", join(import.meta.dirname, name)]);
  });

  it("sees each alert fire when it should, and stay quiet when it should not", async (context) => {
    await needsPromtool(context);
    expect(await promtool(["test", "rules", join(import.meta.dirname, "alerts.test.yml")])).toContain("SUCCESS");
  });

  it("can read what shop and warehouse tell, and has nothing to say about names of ours", async (context) => {
    await needsPromtool(context);
    for (const text of [shopText, warehouseText]) {
      const ours = text.split("\n\n").filter((metric) => !metric.startsWith("# HELP nodejs_active_"));
      expect(await promtool(["check", "metrics"], `${ours.join("\n")}\n`)).toBe("");
    }
  });
});

/** Its other half is in `alerts.test.ts` and `dashboards.test.ts`, which need nothing. */
async function needsPromtool(context: { skip(note: string): void }): Promise<void> {
  if (!(await findPromtool())) context.skip("promtool is not installed, and could not be fetched");
}

/** Those that Prometheus makes itself of what it scrapes and of the rules. */
const MADE_BY_PROMETHEUS: ReadonlySet<string> = new Set(["up", "ALERTS"]);

/** Details for whoever looks closer. */
const NOT_SHOWN: ReadonlySet<string> = new Set([
  "doorbuster_purchase_lines",
  "doorbuster_watched_sales",
  "doorbuster_warehouse_products",
  "doorbuster_reconcile_ok",
  "doorbuster_reconcile_check_ok",
  "doorbuster_reconcile_duration_seconds",
]);

/** All series' names, also of metrics that have none yet. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

function withoutSuffix(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, "");
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "doorbuster-rules-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

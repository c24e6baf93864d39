import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readYaml } from "../read-yaml.ts";
import { readAlerts, readAlertTests } from "./read-alerts.ts";

const { alerts } = await readAlerts();
const tests = await readAlertTests();
const manual = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");

describe.each(alerts)("the alert $alert", ({ alert, annotations }) => {
  it("is tested, once where it fires and once where it stays quiet", () => {
    const cases = tests.filter((test) => test.alert === alert);
    expect(new Set(cases.map(({ fires }) => fires))).toEqual(new Set([true, false]));
    for (const { name, fires } of cases) expect(name).toContain(`${alert} ${fires ? "fires" : "stays quiet"}: `);
  });

  it("says what to do about it, in the manual", () => {
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    expect(manual).toMatch(new RegExp(`^#### ${alert}\n\n\\S`, "m"));
  });
});

it("explains no alert that is not there", () => {
  const explained = [...manual.matchAll(/^#### ([A-Z][A-Za-z]+)$/gm)].map(([, name]) => name);
  expect(explained.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

it("scrapes the same beside npm start as in compose, every 15 seconds and with the token", async () => {
  const [compose, local] = await Promise.all(["prometheus.yml", "prometheus.local.yml"].map(readConfig));
  for (const config of [compose, local]) {
    expect(config?.global).toMatchObject({ scrape_interval: "15s", evaluation_interval: "15s" });
    expect(config?.scrape_configs.map(({ job_name }) => job_name)).toEqual(["shop", "warehouse", "prometheus"]);
    for (const { job_name, authorization } of config?.scrape_configs ?? []) {
      expect(authorization !== undefined).toBe(job_name !== "prometheus");
    }
  }
  expect(strip(compose)).toEqual(strip(local));
});

interface PrometheusConfig {
  readonly global: Record<string, string>;
  readonly scrape_configs: { job_name: string; authorization?: unknown; static_configs?: unknown }[];
}

async function readConfig(name: string): Promise<PrometheusConfig> {
  return readYaml(await readFile(new URL(name, import.meta.url), "utf8")) as PrometheusConfig;
}

/** Without what depends on where it runs. */
function strip(config: PrometheusConfig | undefined) {
  const jobs = config?.scrape_configs.map(({ authorization, static_configs, ...job }) => job);
  return { ...config, scrape_configs: jobs };
}

import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";

const FOLDER = new URL("./dashboards/", import.meta.url);

/** The dashboards as Grafana reads them. */
export async function readDashboards() {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => {
      const dashboard = dashboardSchema.parse(JSON.parse(await readFile(new URL(name, FOLDER), "utf8")));
      return { name, ...dashboard };
    }),
  );
}

export type Dashboard = Awaited<ReturnType<typeof readDashboards>>[number];

/** Everything that a dashboard asks Prometheus, the values of Grafana's own variables put in. */
export function expressionsOf({ panels, annotations, templating }: Dashboard): string[] {
  return [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...annotations.list.map(({ expr }) => expr),
    ...templating.list.map(({ definition }) => /^label_values\((.*), \w+\)$/.exec(definition)?.[1] ?? definition),
  ].map((expression) =>
    expression.replaceAll("$__rate_interval", "1m").replaceAll("$__range", "30m").replaceAll("$process", ".*"),
  );
}

const datasourceSchema = z.strictObject({ type: z.literal("prometheus"), uid: z.string() });

const panelSchema = z.looseObject({
  id: z.int(),
  type: z.string(),
  title: z.string().min(1),
  gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  datasource: datasourceSchema.optional(),
  /** Asked of the panel's own source. */
  targets: z.array(z.looseObject({ expr: z.string(), datasource: z.undefined().optional() })).default([]),
  fieldConfig: z.looseObject({ defaults: z.looseObject({ unit: z.string().optional() }) }).optional(),
});

const dashboardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  panels: z.array(panelSchema),
  annotations: z.looseObject({ list: z.array(z.looseObject({ expr: z.string(), datasource: datasourceSchema })) }),
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), definition: z.string() })) }),
});

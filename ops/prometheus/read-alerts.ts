import { readFile } from "node:fs/promises";
import { z } from "zod";
import { readYaml } from "../read-yaml.ts";

/** The alerts, and the rules that are recorded for them and for the dashboards. */
export async function readAlerts() {
  const { groups } = rulesSchema.parse(readYaml(await readFile(new URL("./alerts.yml", import.meta.url), "utf8")));
  const rules = groups.flatMap((group) => group.rules);
  return {
    alerts: rules.flatMap((rule) => ("alert" in rule ? rule : [])),
    recorded: rules.flatMap((rule) => ("record" in rule ? rule : [])),
  };
}

/** The cases of `alerts.test.yml`: which alert is looked at, and whether it is to fire. */
export async function readAlertTests() {
  const text = await readFile(new URL("./alerts.test.yml", import.meta.url), "utf8");
  return testsSchema
    .parse(readYaml(text))
    .tests.flatMap(({ name, alert_rule_test: looks }) =>
      looks.map(({ alertname, exp_alerts: expected }) => ({ name, alert: alertname, fires: expected.length > 0 })),
    );
}

const alertSchema = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(["critical", "warning"]) }),
  annotations: z.strictObject({ summary: z.string().min(1), description: z.string().min(1), runbook: z.string() }),
});

const recordedSchema = z.strictObject({ record: z.string(), expr: z.string() });

const rulesSchema = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(z.union([alertSchema, recordedSchema])) })),
});

const testsSchema = z.looseObject({
  tests: z.array(
    z.looseObject({
      name: z.string(),
      alert_rule_test: z.array(z.looseObject({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});

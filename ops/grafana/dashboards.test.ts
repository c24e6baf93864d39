import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readYaml } from "../read-yaml.ts";
import { readDashboards } from "./read-dashboards.ts";

const dashboards = await readDashboards();

it("has a dashboard for selling and one for sending out", () => {
  expect(dashboards.map(({ name, uid }) => [name, uid]).toSorted()).toEqual([
    ["fulfilment.json", "doorbuster-fulfilment"],
    ["sale.json", "doorbuster-sale"],
  ]);
});

describe.each(dashboards)("the dashboard $title", ({ panels, annotations, templating }) => {
  const shown = panels.filter(({ type }) => type !== "row");

  it("asks the source that is provisioned, everywhere", async () => {
    const provisioned = readYaml(
      await readFile(new URL("./provisioning/datasources/prometheus.yml", import.meta.url), "utf8"),
    ) as { datasources: { uid: string; type: string }[] };
    for (const { datasource: source } of [...shown, ...annotations.list]) {
      expect(provisioned.datasources).toMatchObject([source ?? {}]);
    }
  });

  it("lays no panel over another, and none beyond the edge", () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        expect(x, title).toBeLessThan(24);
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it("tells each panel by an id of its own, and asks something in each", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, targets } of shown) expect(targets.length, title).toBeGreaterThan(0);
  });

  it("names the unit of every number", () => {
    for (const { title, type, fieldConfig } of shown) {
      if (type !== "state-timeline") expect(fieldConfig?.defaults.unit, title).toBeTruthy();
    }
  });

  it("can be narrowed to processes", () => {
    expect(templating.list.map(({ name }) => name)).toEqual(["process"]);
  });
});

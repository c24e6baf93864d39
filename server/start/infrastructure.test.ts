import { expect, it } from "vitest";
import { readConfig } from "../settings/config.ts";
import { chooseWarehousePort } from "./infrastructure.ts";

it("leaves a shop that is to have the warehouse's usual port that port", async () => {
  expect(await chooseWarehousePort(readConfig({ PORT: "3002" }))).not.toBe(3002);
});

it("gives the warehouse the port that was asked for", async () => {
  expect(await chooseWarehousePort(readConfig({ WAREHOUSE_PORT: "4711" }))).toBe(4711);
});

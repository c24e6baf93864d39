import { expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { receivedConfig, sentConfig } from "./messages.ts";

it("gives a web process the very configuration, the public address included", () => {
  for (const env of [{}, { PUBLIC_URL: "https://shop.example", POOL_SIZE: "7", TRUST_PROXY: "10.0.0.0/8,::1" }]) {
    const config = readConfig(env);
    expect(receivedConfig(JSON.parse(JSON.stringify(sentConfig(config))))).toEqual(config);
  }
});

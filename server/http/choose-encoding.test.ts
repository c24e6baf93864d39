import { expect, it } from "vitest";
import { chooseEncoding, type Encoding } from "./choose-encoding.ts";

it.each<[header: string | undefined, Encoding]>([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["GZIP;Q=0.5", "gzip"],
  ["br;q=0.5, gzip;q=0.9", "gzip"],
  ["br;q=0, *", "gzip"],
  ["*", "br"],
  ["br;q=0, gzip; q=0", "identity"],
  ["gzip;q=0.5, identity", "identity"],
  ["identity;q=0, gzip;q=0.001", "gzip"],
  ["deflate", "identity"],
  ["*;q=0", "identity"],
  ["br;q=nonsense", "identity"],
  [",;q=1,", "identity"],
])("answers %j with %s", (header, encoding) => {
  expect(chooseEncoding(header, () => true)).toBe(encoding);
});

it("chooses only what is there", () => {
  expect(chooseEncoding("gzip, br", (encoding) => encoding !== "br")).toBe("gzip");
  expect(chooseEncoding("gzip, br", (encoding) => encoding === "identity")).toBe("identity");
});

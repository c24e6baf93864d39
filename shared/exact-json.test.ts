import { describe, expect, it } from "vitest";
import { refuseInexactJson } from "./exact-json.ts";

describe("refuseInexactJson", () => {
  it.each([
    "9007199254740991",
    "-9007199254740992",
    "9007199254740994",
    "0",
    "-0",
    "-0.0",
    "0e999",
    "0.1",
    "1.50",
    "1.000000000000000000",
    "100000000000000000000",
    "1e3",
    "1E+23",
    "1e-7",
    "5e-324",
    "1.7976931348623157e308",
    '{"key":"3e12-9007199254740993, 9007199254740993 and 1e999"}',
    '{"a":[1,{"b":123456789012345}]}',
    "",
    "{",
    "01234567890123456789",
    '{"a":9007199254740993',
  ])("lets %s pass: exact, or not JSON", (text) => {
    expect(() => refuseInexactJson(text)).not.toThrow();
  });

  it.each([
    ["9007199254740993", "sent"],
    ["[12345678901234567890]", "at 0"],
    ['{"payload":{"a":[1,{"id":-9007199254740993}]}}', "at payload.a.1.id"],
    ['{"a" :\n 0.1000000000000000055511151231257827 }', "at a"],
    ['{"a":1e400}', "at a"],
    ['{"a":-1E400}', "at a"],
    ['{"a":1e-400}', "at a"],
    ['{"a":1.0000000000000000001}', "at a"],
    ['{"a":123456789.12345678901}', "at a"],
    ['{"a":{"__proto__":9007199254740993}}', "at a.__proto__"],
    [`{"a":1${"0".repeat(50_000)}1}`, "at a"],
    [`{"a":0.${"0".repeat(50_000)}}`, "at a"],
  ])("refuses %.60s, and says where", (text, where) => {
    expect(() => refuseInexactJson(text)).toThrow(`The number ${where} cannot be kept exactly`);
  });

  it("refuses a byte order mark, and nests as deep as memory allows", () => {
    expect(() => refuseInexactJson("\ufeff{}")).toThrow("byte order mark");
    const deep = `${"[".repeat(500_000)}1e400${"]".repeat(500_000)}`;
    expect(() => refuseInexactJson(deep)).toThrow();
  });
});

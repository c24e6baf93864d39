import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError } from "./config.ts";
import { readEnvFile } from "./read-env-file.ts";

const read = (text: string) => Object.fromEntries(readEnvFile(new TextEncoder().encode(text)));

describe("readEnvFile", () => {
  it("reads settings, comments, quotes and both line ends", () => {
    expect(
      read(
        "# a comment\n\nPORT=3100\r\n export HOST = 0.0.0.0 # of all\nDATABASE_URL='postgres://a:b#$c@d/e' # quoted\nA=\nB=\"\"",
      ),
    ).toEqual({ PORT: "3100", HOST: "0.0.0.0", DATABASE_URL: "postgres://a:b#$c@d/e", A: "", B: "" });
  });

  it("reads the first setting behind a byte order mark too", () => {
    expect(read("\ufeffNODE_ENV=production\nPORT=1")).toEqual({ NODE_ENV: "production", PORT: "1" });
  });

  it.each([
    ["PORT 3100", "Line 1 of .env is not of the form NAME=value."],
    ["# x\nPORT: 3100", "Line 2 of .env is not of the form NAME=value."],
    ["=x", "Line 1 of .env is not of the form NAME=value."],
    ["PORT=1\nPORT=2", "Line 2 of .env sets PORT again: give each setting once."],
    ["NODE_ENV=\nNODE_ENV=production", "Line 2 of .env sets NODE_ENV again: give each setting once."],
    ["AUTH_SECRET=abc#def", "put the value of AUTH_SECRET in single quotes"],
    ['AUTH_SECRET="abc', "put the value of AUTH_SECRET in single quotes"],
    ["AUTH_SECRET='abc'def", "put the value of AUTH_SECRET in single quotes"],
    ['AUTH_SECRET=abc"', "put the value of AUTH_SECRET in single quotes"],
    ["DATABASE_URL=postgres://a:$PASSWORD@b/c", "put the value of DATABASE_URL in single quotes"],
    ['AUTH_SECRET="abc$def"', "put the value of AUTH_SECRET in single quotes"],
    ["PORT=\u00001", "The file .env holds NUL bytes: save it as text in UTF-8."],
  ])("refuses %j, and never shows a value", (text, sentence) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(sentence);
    expect(() => read(text)).not.toThrow(/abc|3100/);
  });

  it("refuses a file in UTF-16, as Windows' shells write it", () => {
    expect(() => readEnvFile(Buffer.from("\ufeffNODE_ENV=production", "utf16le"))).toThrow("NUL bytes");
    expect(() => readEnvFile(Buffer.from("NODE_ENV=production", "utf16le"))).toThrow("NUL bytes");
  });

  it("reads .env.example as it is", () => {
    expect(() => readEnvFile(readFileSync(new URL("../../.env.example", import.meta.url)))).not.toThrow();
  });
});

import { describe, expect, it } from "vitest";
import { imageUrlSchema, timestampSchema } from "./primitives.ts";

describe("timestampSchema", () => {
  it.each([
    ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"],
    ["2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"],
    ["2026-01-31T12:00:00+23:59", "2026-01-30T12:01:00Z"],
    ["2026-01-31T12:00:00-23:59", "2026-02-01T11:59:00Z"],
    ["2024-02-29T23:59:59.123456-00:00", "2024-02-29T23:59:59.123456Z"],
    ["2026-01-31T12:00:00.5+01:00", "2026-01-31T11:00:00.5Z"],
    ["2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456Z"],
    ["2000-01-01T00:00:00Z", "2000-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  ])("keeps %s as %s", (given, utc) => {
    expect(timestampSchema.parse(given)).toBe(utc);
  });

  it.each([
    "1999-12-31T23:59:59Z",
    "2000-01-01T00:00:00+00:01",
    "9999-12-31T23:59:00-00:01",
    "0000-01-01T00:00:00Z",
    "0026-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "-000001-01-01T00:00:00Z",
    "2026-02-29T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-06-30T23:59:60Z",
    "2026-01-31T12:00:00+24:00",
    "2026-01-31T12:00:00+02",
    "2026-01-31T12:00:00",
    "2026-01-31 12:00:00Z",
    "2026-01-31",
    "infinity",
    "now",
    "",
  ])("refuses %s", (given) => {
    expect(timestampSchema.safeParse(given).success).toBe(false);
  });
});

describe("imageUrlSchema", () => {
  it.each(["/images/lamp.svg", "/a", "/", "/images/lamp.svg?size=2", "/%C3%A9.png", "/a%5Cb"])("takes %s", (path) => {
    expect(imageUrlSchema.parse(path)).toBe(path);
  });

  it.each([
    "/\\evil.example/x.png",
    "\\\\evil.example/x.png",
    "//evil.example/x.png",
    "///evil.example/x.png",
    "/\t/evil.example/x.png",
    "/\n/evil.example/x.png",
    "\t//evil.example/x.png",
    " /images/lamp.svg",
    "/.//evil.example/x.png",
    "/../images/lamp.svg",
    "/images/%2e%2e/x.png",
    "/a\\b.png",
    "/\u0000.png",
    "/\u202egnp.png",
    "/é.png",
    "/a b.png",
    "/images/%ff.png",
    "/images/%zz",
    "/images/%",
    "/images/lamp.svg?size=%c3",
    '/"onerror="x',
    "images/lamp.svg",
    "",
    "https://evil.example/x.png",
    "http:/images/lamp.svg",
    "javascript:alert(1)",
    "data:image/png;base64,AA==",
    "blob:x",
    "user:pw@evil.example/x.png",
    `/${"a".repeat(500)}`,
  ])("refuses %j", (path) => {
    expect(imageUrlSchema.safeParse(path).success).toBe(false);
  });
});

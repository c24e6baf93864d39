import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { readConfig } from "../settings/config.ts";
import { proxyTrust, readForwarded } from "./trusted-proxies.ts";

/** What a request is taken for that comes from `remoteAddress` with these headers. */
async function taken(setting: string, headers: Record<string, string>, remoteAddress = "10.0.0.1") {
  const { trustProxy } = readConfig({ TRUST_PROXY: setting });
  const app = Fastify({ trustProxy: proxyTrust(trustProxy) });
  if (trustProxy !== false) readForwarded(app);
  app.get("/", async ({ ip, host, protocol }) => ({ ip, host, protocol }));
  const answer = await app.inject({ url: "/", remoteAddress, headers: { host: "shop.example", ...headers } });
  return answer.json<{ ip: string; host: string; protocol: string }>();
}

const ipOf = async (setting: string, list: string, remoteAddress?: string) =>
  (await taken(setting, { "x-forwarded-for": list }, remoteAddress)).ip;

describe("the address of a caller", () => {
  it("is the connection's where no proxy is trusted", async () => {
    expect(await ipOf("false", "192.0.2.1")).toBe("10.0.0.1");
    expect(await ipOf("10.0.0.2", "192.0.2.1")).toBe("10.0.0.1");
  });

  it("is what the last trusted proxy saw, whatever its caller sent before", async () => {
    expect(await ipOf("1", "192.0.2.1")).toBe("192.0.2.1");
    expect(await ipOf("1", "203.0.113.9, 198.51.100.7, 192.0.2.1")).toBe("192.0.2.1");
    expect(await ipOf("2", "203.0.113.9, 192.0.2.1, 10.0.0.2")).toBe("192.0.2.1");
    expect(await ipOf("10.0.0.0/8,::1", "10.0.0.9, 192.0.2.1, 10.0.0.2")).toBe("192.0.2.1");
    expect(await ipOf("10.0.0.0/8, ::1", "192.0.2.1", "::ffff:10.0.0.1")).toBe("192.0.2.1");
    expect(await ipOf("fd00::/8", "192.0.2.1", "fd00::7")).toBe("192.0.2.1");
    expect(await ipOf("::1", "192.0.2.1", "::1")).toBe("192.0.2.1");
  });

  it("is an address and nothing else: without port, zone and case", async () => {
    expect(await ipOf("1", "192.0.2.1:5678")).toBe("192.0.2.1");
    expect(await ipOf("1", "[2001:DB8::1]:443")).toBe("2001:db8::1");
    expect(await ipOf("1", "fe80::1%eth0")).toBe("fe80::1");
    expect(await ipOf("2", "192.0.2.1:1, 10.0.0.2:5678")).toBe("192.0.2.1");
    expect(await ipOf("10.0.0.0/8", "192.0.2.1:1, 10.0.0.2:5678")).toBe("192.0.2.1");
  });

  it("is that of the proxy where it forwards none that can be read", async () => {
    for (const list of ["", " ", "unknown", "x".repeat(11_000), "192.0.2.1,", "192.0.2.1, unknown", "a b"]) {
      expect(await ipOf("1", list)).toBe("10.0.0.1");
    }
    expect(await ipOf("2", "unknown, 192.0.2.1")).toBe("192.0.2.1");
    expect(await ipOf("10.0.0.0/8", Array(4_000).fill("10.0.0.3").join(","))).toBe("10.0.0.3");
  });
});

describe("the host and the scheme that a browser used", () => {
  it("are the trusted proxy's word, and only where they mean something", async () => {
    const from = (headers: Record<string, string>, setting = "1") => taken(setting, headers);
    expect(await from({ "x-forwarded-proto": "https", "x-forwarded-host": "a.example:8443" })).toMatchObject({
      host: "a.example:8443",
      protocol: "https",
    });
    expect(
      await from({ "x-forwarded-proto": "http, https", "x-forwarded-host": "evil.example, a.example" }),
    ).toMatchObject({
      host: "a.example",
      protocol: "https",
    });
    for (const headers of [
      { "x-forwarded-proto": "javascript", "x-forwarded-host": "a b" },
      { "x-forwarded-proto": "https, ", "x-forwarded-host": "user@evil.example" },
      { "x-forwarded-proto": "HTTPS://", "x-forwarded-host": "" },
    ]) {
      expect(await from(headers)).toMatchObject({ host: "shop.example", protocol: "http" });
    }
    const forged = { "x-forwarded-proto": "https", "x-forwarded-host": "evil.example" };
    for (const setting of ["false", "10.9.0.0/16"]) {
      expect(await from(forged, setting)).toMatchObject({ host: "shop.example", protocol: "http" });
    }
  });
});

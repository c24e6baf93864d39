import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import { CredentialSigner, credentialOf, SESSION_COOKIE } from "./credential.ts";

describe("CredentialSigner", () => {
  const signer = new CredentialSigner("a secret");
  const credential = signer.sign("token");

  it("takes back what it signed", () => {
    expect(signer.verify(credential)).toBe("token");
  });

  it.each([
    ["another secret", new CredentialSigner("another").sign("token")],
    ["no signature", "token"],
    ["an empty signature", "token."],
    ["another token", credential.replace("token", "nekot")],
    ["a changed signature", `${credential.slice(0, -3)}AA=`],
    ["a cut signature", credential.slice(0, -1)],
    ["no token", `.${credential.split(".")[1]}`],
    ["nothing", ""],
    ["too much", `${"x".repeat(10_000)}.${credential}`],
  ])("refuses %s", (_what, forged) => {
    expect(signer.verify(forged)).toBeUndefined();
  });
});

describe("credentialOf", () => {
  const shown = (headers: IncomingHttpHeaders, isSecure = false) => credentialOf({ headers, isSecure });

  it("reads a bearer header, as it was answered or encoded for a cookie", () => {
    expect(shown({ authorization: "Bearer a.b/c=" })).toEqual({ credential: "a.b/c=", by: "bearer" });
    expect(shown({ authorization: "bearer  a.b%2Fc%3D" })).toEqual({ credential: "a.b/c=", by: "bearer" });
  });

  it("reads our cookie among others", () => {
    const cookie = `other=1; ${SESSION_COOKIE}=a.b%2Fc%3D; x${SESSION_COOKIE}=no`;
    expect(shown({ cookie })).toEqual({ credential: "a.b/c=", by: "cookie" });
    expect(shown({ cookie: `x${SESSION_COOKIE}=no; y` })).toBeUndefined();
    expect(shown({ cookie: `${SESSION_COOKIE}=%E0%A4%A` })).toEqual({ credential: "%E0%A4%A", by: "cookie" });
    expect(shown({})).toBeUndefined();
  });

  it("reads over TLS none that another host, or somebody on the way, could have set", () => {
    const planted = `${SESSION_COOKIE}=a.b`;
    expect(shown({ cookie: planted }, true)).toBeUndefined();
    expect(shown({ cookie: `${planted}; __Host-${SESSION_COOKIE}=c.d` }, true)?.credential).toBe("c.d");
    expect(shown({ cookie: `__Host-${SESSION_COOKIE}=c.d` })).toBeUndefined();
  });

  it("never falls back from a header to the cookie", () => {
    const cookie = `${SESSION_COOKIE}=a.b`;
    expect(shown({ authorization: "Basic abc", cookie })).toEqual({ credential: "", by: "bearer" });
    expect(shown({ authorization: "Bearer", cookie })?.credential).toBe("");
  });
});

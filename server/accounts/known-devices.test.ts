import { expect, it } from "vitest";
import { CredentialSigner } from "./credential.ts";
import { KnownDevices } from "./known-devices.ts";

const devices = new KnownDevices(new CredentialSigner("a secret of the test"));

/** The header that a browser sends after it was given this cookie. */
const browserWith = (cookie: string) => ({ headers: { cookie: cookie.split(";", 1)[0] ?? "" }, isSecure: false });

const NEW = { headers: {}, isSecure: false };

const idOf = (browser: typeof NEW, email: string) => devices.find(browser, email)?.id;

const ADA = "ada@example.com";
const BOB = "bob@example.com";

it("knows a browser by each account that signed in there, and by no other", () => {
  const first = browserWith(devices.cookieAfter(NEW, ADA));
  const both = browserWith(devices.cookieAfter(first, BOB));
  expect(idOf(both, ADA)).toBe(idOf(first, ADA));
  expect(idOf(both, BOB)).toMatch(/^[\w-]{48}$/);
  expect(idOf(first, BOB)).toBeUndefined();
  expect(idOf(NEW, ADA)).toBeUndefined();
});

it("gives a browser a new id at each sign-in to an account, and none to the other accounts", () => {
  const before = browserWith(devices.cookieAfter(browserWith(devices.cookieAfter(NEW, ADA)), BOB));
  const after = browserWith(devices.cookieAfter(before, BOB));
  expect(idOf(after, BOB)).not.toBe(idOf(before, BOB));
  // Whoever knows one password could otherwise guess the other account's without end.
  expect(idOf(after, ADA)).toBe(idOf(before, ADA));
});

it("does not believe what it did not sign, for this purpose", () => {
  const { cookie } = browserWith(devices.cookieAfter(NEW, ADA)).headers;
  const [name = "", value = ""] = cookie.split("=");
  for (const forged of [`x${value}`, value.slice(0, -4), `${"A".repeat(48)}.${"A".repeat(44)}`, "", "%"]) {
    expect(idOf(browserWith(`${name}=${forged}`), ADA)).toBeUndefined();
  }
  const others = new KnownDevices(new CredentialSigner("a secret of the test").for("something else"));
  expect(others.find(browserWith(cookie), ADA)).toBeUndefined();
});

it("keeps the cookie small, and from scripts and other sites", () => {
  let browser = NEW;
  let cookie = "";
  for (let n = 0; n < 20; n++) {
    cookie = devices.cookieAfter(browser, `n${n}@example.com`);
    browser = browserWith(cookie);
  }
  expect(cookie.length).toBeLessThan(400);
  expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
  const known = Array.from({ length: 20 }, (_, n) => idOf(browser, `n${n}@example.com`) !== undefined);
  expect(known.indexOf(true)).toBe(16);
});

import { describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../app/app.fixture.ts";
import { stopClock } from "../testing/stop-clock.ts";
import { createTestDatabase } from "../testing/test-database.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery";

const HOME = "192.0.2.1";
const ON_THE_WAY = "198.51.100.7";

const from = (app: TestApp, address: string, password = PASSWORD, headers = {}) =>
  app.send("/api/auth/sign-in/email", {
    headers: { "x-forwarded-for": address, ...headers },
    body: { email: EMAIL, password },
  });

const signUpAt = (app: TestApp, address: string) =>
  app.send("/api/auth/sign-up/email", {
    headers: { "x-forwarded-for": address },
    body: { email: EMAIL, password: PASSWORD },
  });

/** What a browser sends of the cookies that it was given. */
const cookiesOf = (headers: Headers) => ({
  cookie: headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; "),
});

/** Wrong passwords from eight addresses, as fast as they are answered, until `work` is done. */
async function underAttack(app: TestApp, work: () => Promise<void>): Promise<number> {
  let isOver = false;
  let throttled = 0;
  const guess = async (address: string) => {
    while (!isOver) if ((await from(app, address, "a wrong password")).status === 429) throttled++;
  };
  const guessers = Array.from({ length: 8 }, (_, n) => guess(`203.0.113.${n}`));
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(guessers);
  return throttled;
}

/** Only what an account counts is to be met here, not what an address may ask. */
const SETTINGS = { TRUST_PROXY: "1", LIMIT_SIGN_IN_FAILURES: "3", LIMIT_SIGN_INS_BURST: "100000" };

describe("an account's owner gets in while its password is guessed from many addresses", () => {
  it("from a network that they signed up or in from before, also after they signed out", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, SETTINGS);
    await signUpAt(app, HOME);
    await from(app, ON_THE_WAY);
    const statuses: number[] = [];
    const throttled = await underAttack(app, async () => {
      for (let n = 0; n < 15; n++) {
        const { status, body } = await from(app, n % 2 === 0 ? HOME : ON_THE_WAY);
        statuses.push(status);
        await app.send("/api/auth/sign-out", { method: "POST", token: body?.token });
      }
    });
    expect(statuses).toEqual(Array(15).fill(200));
    expect(throttled).toBeGreaterThan(0);
  });

  it("in a browser that they signed in with before, from any network", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, SETTINGS);
    let cookies = cookiesOf((await signUpAt(app, HOME)).headers);
    const statuses: number[] = [];
    await underAttack(app, async () => {
      for (let n = 0; n < 15; n++) {
        const { status, headers } = await from(app, `198.51.100.${n}`, PASSWORD, cookies);
        statuses.push(status);
        cookies = cookiesOf(headers);
      }
    });
    expect(statuses).toEqual(Array(15).fill(200));
  });

  it("in a browser that is known, also while their own address has used up what it may try", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, {
      ...SETTINGS,
      LIMIT_SIGN_INS_BURST: "2",
      LIMIT_SIGN_INS_PER_SECOND: "1",
    });
    using _clock = stopClock();
    const cookies = cookiesOf((await signUpAt(app, HOME)).headers);
    const tries = Array.from({ length: 30 }, () => from(app, HOME, "a wrong password"));
    const known = from(app, HOME, PASSWORD, cookies);
    expect((await Promise.all(tries)).map(({ status }) => status)).toContain(429);
    expect((await known).status).toBe(200);
  });

  it("and stores of a network no more than a digest, and of the latest eight", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, SETTINGS);
    await signUpAt(app, HOME);
    const known = async () => (await test.sql`select known_networks from accounts`)[0]?.known_networks as string[];
    const [home] = await known();
    expect(home).toMatch(/^[\w-]{16}$/);
    for (const address of [HOME, ON_THE_WAY, HOME]) await from(app, address);
    expect(await known()).toEqual([home, expect.any(String)]);
    await from(app, "203.0.113.1", "a wrong password");
    expect(await known()).toHaveLength(2);
    for (let n = 0; n < 8; n++) await from(app, `203.0.113.${n}`);
    expect(await known()).toHaveLength(8);
    expect(await known()).not.toContain(home);
  });
});

it("a crowd of tries from one address holds up nobody who comes from another", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, { ...SETTINGS, LIMIT_SIGN_IN_FAILURES: "1000" });
  await signUpAt(app, HOME);
  let answered = 0;
  const crowd = Array.from({ length: 60 }, (_, n) =>
    app
      .send("/api/auth/sign-in/email", {
        headers: { "x-forwarded-for": "203.0.113.1" },
        body: { email: `nobody${n}@example.com`, password: "a wrong password" },
      })
      .then(() => answered++),
  );
  await Promise.race(crowd);
  expect((await from(app, HOME)).status).toBe(200);
  expect(answered).toBeLessThan(30);
  await Promise.all(crowd);
});

import { describe, expect, it } from "vitest";
import { PASSWORD_ADVICE, passwordLengthProblem } from "../../shared/passwords.ts";
import { weakPasswordProblem } from "./weak-password.ts";

const problemOf = (password: string, { email = "ada.lovelace@example.com", name = "Ada Lovelace" } = {}) =>
  weakPasswordProblem({ email, name, password });

/** By the reason that is given, separated by commas; one is nothing but blanks. */
const REFUSED = {
  "tried first": `
    12345678, abcdefgh, 98765432, password password, p a s s w o r d, 1.2.3.4.5.6.7.8, !@#$%^&*, !@#$%^&*(),
    1990-01-01, 01.01.1990, йцукенгш, фывапролд, пароль12, Привет123!, flashsale, Flash Sale 2026!,
    correcthorsebatterystaple, Correct-Horse-Battery-Staple, password, PassWord, ｐａｓｓｗｏｒｄ, Password1!, !!letmein99,
    qwertyuiop, 1q2w3e4r, iloveyou, Shop1234!, Order1234!, !Handy2026, Login12345, contraseña1, Schatz123!,
    Lösenord1!, Willkommen1!, Bienvenue2026!, haslo123, j3nn1f3r!, 11v3rp00l`,
  repeats: `
    aaaaaaaaaaaa, abababab,         , 12341234, 1234123412341234, 43214321, 1234 1234 1234, hello-hello,
    монтажмонтаж, монтаж монтаж`,
  "your own": `
    ada.lovelace@example.com, ADA.LOVELACE@EXAMPLE.COM, adalovelace, Lovelace1815, lovelace_ada, example2026,
    password@example.com, example.com-qwerty, Ada+iloveyou1!`,
  "shop's name": `
    Doorbuster, doorbuster2026!, doorbuster-demo, doorbusterdoorbuster`,
};

describe("a new password is refused, with the reason and what would be right,", () => {
  it.each(Object.entries(REFUSED))("which is: %s", async (reason, passwords) => {
    for (const password of passwords.trim().replaceAll(/\n\s+/g, " ").split(", ")) {
      const problem = await problemOf(password);
      expect([password, problem]).toEqual([password, expect.stringContaining(reason)]);
      expect(problem).toContain(PASSWORD_ADVICE);
    }
  });
});

it("a password is taken that nobody else would think of", async () => {
  for (const password of [
    "correct horse battery",
    "a long password",
    "Tr0ub4dor&3x",
    "zq8Kd02m",
    "lovelace wrote the first one",
    "Straßenbahnfenster",
    "zebra violet",
    "83650927143",
    "合言葉は山と川です",
  ]) {
    expect([password, await problemOf(password)]).toEqual([password, undefined]);
  }
});

it("the name of one's firm is one's own, and the end of its address is not", async () => {
  expect(await problemOf("bigcorp2026", { email: "ada@bigcorp.example", name: "Ada" })).toContain("your own");
  expect(await problemOf("comfy zebra", { email: "ada@bigcorp.com", name: "Ada" })).toBeUndefined();
});

it("a name of two letters forbids no password that holds it", async () => {
  expect(await problemOf("bobbing along", { email: "bo@example.com", name: "Bo" })).toBeUndefined();
});

it("whatever else waits is served between one look at a password and the next", async () => {
  let turns = 0;
  const turn = () => {
    turns++;
    immediate = setImmediate(turn);
  };
  let immediate = setImmediate(turn);
  await problemOf("12345678");
  const before = turns;
  for (let n = 0; n < 20; n++) await problemOf("98765432");
  clearImmediate(immediate);
  expect(turns - before).toBeGreaterThanOrEqual(19);
});

it("lengths count characters, not what they take up", () => {
  expect(passwordLengthProblem("🦀🦀🦀🦀")).toContain("at least 8");
  expect(passwordLengthProblem("🦀🐢🐙🦑🦐🦞🐡🐠")).toBeUndefined();
  expect(passwordLengthProblem("🦀".repeat(128))).toBeUndefined();
  expect(passwordLengthProblem("🦀".repeat(129))).toContain("at most 128");
});

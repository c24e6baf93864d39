import { describe, expect, it } from "vitest";
import { PASSWORD_ADVICE, passwordLengthProblem } from "../../shared/passwords.ts";
import { weakPasswordProblem } from "./weak-password.ts";

const problemOf = (password: string, { email = "ada.lovelace@example.com", name = "Ada Lovelace" } = {}) =>
  weakPasswordProblem({ email, name, password });

describe("a new password is refused, with the reason and what would be right,", () => {
  it.each([
    ["12345678", "tried first"],
    ["abcdefgh", "tried first"],
    ["98765432", "tried first"],
    ["aaaaaaaaaaaa", "repeats"],
    ["abababab", "repeats"],
    ["        ", "repeats"],
    ["12341234", "repeats"],
    ["1234123412341234", "repeats"],
    ["43214321", "repeats"],
    ["1234 1234 1234", "repeats"],
    ["hello-hello", "repeats"],
    ["монтажмонтаж", "repeats"],
    ["монтаж монтаж", "repeats"],
    ["password password", "tried first"],
    ["p a s s w o r d", "tried first"],
    ["1.2.3.4.5.6.7.8", "tried first"],
    ["!@#$%^&*", "tried first"],
    ["!@#$%^&*()", "tried first"],
    ["1990-01-01", "tried first"],
    ["01.01.1990", "tried first"],
    ["йцукенгш", "tried first"],
    ["фывапролд", "tried first"],
    ["пароль12", "tried first"],
    ["Привет123!", "tried first"],
    ["flashsale", "tried first"],
    ["Flash Sale 2026!", "tried first"],
    ["correcthorsebatterystaple", "tried first"],
    ["Correct-Horse-Battery-Staple", "tried first"],
    ["password", "tried first"],
    ["PassWord", "tried first"],
    ["ｐａｓｓｗｏｒｄ", "tried first"],
    ["Password1!", "tried first"],
    ["!!letmein99", "tried first"],
    ["qwertyuiop", "tried first"],
    ["1q2w3e4r", "tried first"],
    ["iloveyou", "tried first"],
    ["ada.lovelace@example.com", "your own"],
    ["ADA.LOVELACE@EXAMPLE.COM", "your own"],
    ["adalovelace", "your own"],
    ["Lovelace1815", "your own"],
    ["lovelace_ada", "your own"],
    ["example2026", "your own"],
    ["Doorbuster", "shop's name"],
    ["doorbuster2026!", "shop's name"],
    ["doorbuster-demo", "shop's name"],
    ["doorbusterdoorbuster", "shop's name"],
    ["password@example.com", "your own"],
    ["example.com-qwerty", "your own"],
    ["Ada+iloveyou1!", "your own"],
    ["Shop1234!", "tried first"],
    ["Order1234!", "tried first"],
    ["!Handy2026", "tried first"],
    ["Login12345", "tried first"],
    ["contraseña1", "tried first"],
    ["Schatz123!", "tried first"],
    ["Lösenord1!", "tried first"],
    ["Willkommen1!", "tried first"],
    ["Bienvenue2026!", "tried first"],
    ["haslo123", "tried first"],
    ["j3nn1f3r!", "tried first"],
    ["11v3rp00l", "tried first"],
  ])("%s", async (password, reason) => {
    const problem = await problemOf(password);
    expect(problem).toContain(reason);
    expect(problem).toContain(PASSWORD_ADVICE);
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

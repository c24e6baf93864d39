import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const STRONG = "q7Yd0aFzKp3sVbN8mXc5tRw2eLh6uJgT";

describe("readConfig", () => {
  it("needs nothing in development", () => {
    expect(readConfig({})).toMatchObject({
      mode: "development",
      port: 3000,
      host: "localhost",
      processes: 1,
      purchasesMeet: true,
      databaseUrl: undefined,
      databaseSchema: "shop",
      authSecret: undefined,
      limits: { purchases: { perSecond: 20, burst: 40 } },
    });
  });

  it("takes an empty variable as an absent one", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "", AUTH_SECRET: "" })).toEqual(readConfig({}));
  });

  it.each([
    [{ PORT: "http" }, "PORT"],
    [{ PORT: "65536" }, "PORT"],
    [{ PORT: "-1" }, "PORT"],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL"],
    [{ DATABASE_URL: "postgres://[" }, "DATABASE_URL"],
    [{ DATABASE_SCHEMA: 'x"; drop' }, "DATABASE_SCHEMA"],
    [{ DATABASE_SCHEMA: "pg_catalog" }, "DATABASE_SCHEMA"],
    [{ POOL_SIZE: "0" }, "POOL_SIZE"],
    [{ PROCESSES: "0" }, "PROCESSES"],
    [{ PROCESSES: "65" }, "PROCESSES"],
    [{ PROCESSES: "auto" }, "PROCESSES"],
    [{ PURCHASES_MEET: "1" }, "PURCHASES_MEET"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [{ PUBLIC_URL: "shop.example" }, "PUBLIC_URL"],
    [{ TRUST_PROXY: "yes" }, "TRUST_PROXY"],
    [{ AUTH_SECRET: "short" }, "AUTH_SECRET"],
    [{ LIMIT_PURCHASES_BURST: "0" }, "LIMIT_PURCHASES_BURST"],
  ])("says in one sentence what is wrong with %o", (env, name) => {
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} [^\\n]*\\.$`));
  });

  it.each([
    [undefined, "required"],
    ["x".repeat(20), "too short"],
    ["x".repeat(64), "default or a guessable"],
    ["changemechangemechangemechangemeABCDEF", "default or a guessable"],
    ["please-use-your-secret-here-0123456789", "default or a guessable"],
  ])("refuses in production the secret %o", (secret, reason) => {
    const env = { NODE_ENV: "production", ...(secret !== undefined && { AUTH_SECRET: secret }) };
    expect(() => readConfig(env)).toThrow(reason);
    expect(() => readConfig({ ...env, AUTH_SECRET: STRONG })).not.toThrow();
  });

  it("never shows a secret", () => {
    const env = { NODE_ENV: "production", AUTH_SECRET: "hunter2hunter2hunter2hunter2hunter2" };
    expect(() => readConfig(env)).toThrow(expect.not.objectContaining({ message: expect.stringContaining("hunter2") }));
    expect(() => readConfig({ DATABASE_URL: "postgres://me:hunter2@[" })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    );
  });
});

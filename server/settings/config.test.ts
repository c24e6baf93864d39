import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const STRONG = "q7Yd0aFzKp3sVbN8mXc5tRw2eLh6uJgT";
const OTHER = "Zk4wH9vQ1xLr7nTsB2yMd6pJcE8fGuA0";

describe("readConfig", () => {
  it("needs nothing in development", () => {
    expect(readConfig({})).toMatchObject({
      mode: "development",
      port: 3000,
      host: "localhost",
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
    [{ DATABASE_SCHEMA: "information_schema" }, "DATABASE_SCHEMA"],
    [{ DATA_DIR: ".data " }, "DATA_DIR"],
    [{ DATA_DIR: "my\tdata" }, "DATA_DIR"],
    [{ POOL_SIZE: "0" }, "POOL_SIZE"],
    [{ PROCESSES: "1" }, "PROCESSES is no setting any more: .* as often behind a proxy"],
    [{ PURCHASES_MEET: "true" }, "PURCHASES_MEET is no setting any more: .* behind a proxy"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
    [{ ALLOWED_ORIGINS: "*" }, "ALLOWED_ORIGINS holds .* must be a URL"],
    [{ ALLOWED_ORIGINS: "https://*.example" }, "ALLOWED_ORIGINS holds .* one host"],
    [{ ALLOWED_ORIGINS: "https://a.example,https://b.example/" }, "ALLOWED_ORIGINS holds .* here https://b.example:"],
    [{ ALLOWED_ORIGINS: "https://a.example, https://a.example" }, "ALLOWED_ORIGINS must name each"],
    [{ ALLOWED_ORIGINS: "null" }, "ALLOWED_ORIGINS holds"],
    [{ PUBLIC_URL: "https://shop.example", ALLOWED_ORIGINS: "https://shop.example" }, "ALLOWED_ORIGINS names the shop"],
    [{ PUBLIC_URL: "shop.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "ftp://shop.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://shop.example/shop" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://shop.example/?a=b" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://shop.example/#a" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://*.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://*" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://shop..example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://shop.example:0" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://me:pw@shop.example" }, "PUBLIC_URL"],
    [{ PUBLIC_URL: "https://1.2.3" }, "PUBLIC_URL must be nothing but an origin .* here https://1.2.0.3:"],
    [{ PUBLIC_URL: "https://010.1.1.1" }, "PUBLIC_URL .* here https://8.1.1.1:"],
    [{ PUBLIC_URL: "https://shop.example:08443" }, "PUBLIC_URL .* here https://shop.example:8443:"],
    [{ PUBLIC_URL: "https://shop.example:443" }, "PUBLIC_URL .* here https://shop.example:"],
    [{ PUBLIC_URL: "https://%73hop.example" }, "PUBLIC_URL .* here https://shop.example:"],
    [{ PUBLIC_URL: "https://shop.example\\" }, "PUBLIC_URL .* here https://shop.example:"],
    [{ PUBLIC_URL: "https://shop.example/" }, "PUBLIC_URL .* here https://shop.example:"],
    [{ PUBLIC_URL: "HTTPS://Shop.Example" }, "PUBLIC_URL .* here https://shop.example:"],
    [{ PUBLIC_URL: "https://löwe.example" }, "PUBLIC_URL .* here https://xn--lwe-sna.example:"],
    [{ AUTH_SECRET: STRONG, METRICS_TOKEN: STRONG }, "AUTH_SECRET and METRICS_TOKEN are the same:"],
    [{ AUTH_SECRET: STRONG, WAREHOUSE_SECRET: STRONG }, "AUTH_SECRET and WAREHOUSE_SECRET are the same:"],
    [{ WAREHOUSE_SECRET: STRONG, METRICS_TOKEN: STRONG }, "WAREHOUSE_SECRET and METRICS_TOKEN are the same:"],
    [
      { WAREHOUSE_SECRET: STRONG, WAREHOUSE_SECRET_PREVIOUS: STRONG },
      "WAREHOUSE_SECRET and WAREHOUSE_SECRET_PREVIOUS are",
    ],
    [{ TRUST_PROXY: "yes" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "true" }, "TRUST_PROXY is true, .* the number of proxies in front, such as 1, or"],
    [{ TRUST_PROXY: "0" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "01" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "loopback" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "0.0.0.0/0" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "::/0" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "0.0.0.0/1,128.0.0.0/1" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "::/1,8000::/1" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "::/8" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "::ffff:0:0/96" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "::ffff:10.0.0.1" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.1/8" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "2001:db8::1/32" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.0/33" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.0/08" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.0/255.0.0.0" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.1," }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "fe80::1%eth0" }, "TRUST_PROXY"],
    [{ NODE_ENV: "prod" }, "NODE_ENV"],
    [{ NODE_ENV: "Production" }, "NODE_ENV"],
    [{ NODE_ENV: "production " }, "NODE_ENV"],
    [{ NODE_ENV: "production\r" }, "NODE_ENV"],
    [{ NODE_ENV: "\ufeffproduction" }, "NODE_ENV"],
    [{ NODE_ENV: '"production"' }, "NODE_ENV"],
    [{ HOST: "my-machine" }, "HOST"],
    [{ HOST: "x86_64-conda-linux-gnu" }, "HOST"],
    [{ HOST: "[::]" }, "HOST"],
    [{ HOST: "fe80::1%eth0" }, "HOST"],
    [{ PORT: "08" }, "PORT"],
    [{ PORT: " 3000" }, "PORT"],
    [{ PORT: "3e3" }, "PORT"],
    [{ AUTH_SECRET: `${STRONG}\n` }, "AUTH_SECRET"],
    [{ ROLES: "web," }, "ROLES"],
    [{ ROLES: "," }, "ROLES"],
    [{ ROLES: "web,web" }, "ROLES"],
    [{ ROLES: "Web" }, "ROLES"],
    [{ WAREHOUSE_PORT: "tcp://10.96.0.12:3002" }, "WAREHOUSE_PORT .* Kubernetes .* enableServiceLinks: false"],
    [{ WAREHOUSE_URL: "http://me:pw@warehouse:3002" }, "WAREHOUSE_URL"],
    [{ WAREHOUSE_URL: "http://warehouse:3002/?a=b" }, "WAREHOUSE_URL"],
    [{ AUTH_SECRET: "short" }, "AUTH_SECRET"],
    [{ LIMIT_PURCHASES_BURST: "0" }, "LIMIT_PURCHASES_BURST"],
    [{ ROLES: "web,cashier" }, "ROLES"],
    [{ WAREHOUSE_DATABASE_URL: "mysql://x" }, "WAREHOUSE_DATABASE_URL"],
    [{ WAREHOUSE_URL: "warehouse:3002" }, "WAREHOUSE_URL"],
    [{ WAREHOUSE_PORT: "65536" }, "WAREHOUSE_PORT"],
    [{ WAREHOUSE_SECRET: "short" }, "WAREHOUSE_SECRET"],
    [{ ROLES: "web,worker" }, "WAREHOUSE_URL"],
    [{ METRICS_TOKEN: "with a blank in it" }, "METRICS_TOKEN"],
    [{ CHAOS_ALLOWED: "earthquake" }, "CHAOS_ALLOWED"],
    [{ CHAOS: "latency" }, "CHAOS"],
    [{ CHAOS: "latency", CHAOS_UNTIL: "tomorrow" }, "CHAOS_UNTIL"],
    [{ CHAOS: "latency", CHAOS_UNTIL: "2200-01-31T12:00:00Z" }, "CHAOS_UNTIL"],
    [{ PORT: "3002", WAREHOUSE_PORT: "3002" }, "PORT and WAREHOUSE_PORT"],
    [{ WAREHOUSE_PORT: "3000" }, "PORT and WAREHOUSE_PORT"],
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

  it("knows one word for production, and takes that of test runners for development", () => {
    expect(readConfig({ NODE_ENV: "test" }).mode).toBe("development");
    expect(readConfig({ NODE_ENV: "development" }).mode).toBe("development");
    expect(readConfig({ NODE_ENV: "production", AUTH_SECRET: STRONG }).mode).toBe("production");
  });

  it("reads whose forwarded addresses are believed: nobody's, by number, or by network", () => {
    const read = (TRUST_PROXY: string) => readConfig({ TRUST_PROXY }).trustProxy;
    expect(readConfig({}).trustProxy).toBe(false);
    expect([read("false"), read("1"), read("9")]).toEqual([false, 1, 9]);
    for (const networks of [
      ["10.0.0.0/8", "::1", "192.0.2.1"],
      ["fc00::/7"],
      ["192.0.2.1/32", "::1/128", "2001:db8:1::/48"],
    ])
      expect(read(networks.join(", "))).toEqual(networks);
  });

  it("reads an origin as browsers write it", () => {
    const read = (PUBLIC_URL: string) => readConfig({ PUBLIC_URL }).publicUrl?.origin;
    for (const origin of ["https://shop.example", "https://shop.example:8443", "http://[::1]:3000"])
      expect(read(origin)).toBe(origin);
  });

  it("reads roles as a list, each once", () => {
    expect(readConfig({ ROLES: "warehouse" }).roles).toEqual(["warehouse"]);
    expect(readConfig({ ROLES: "web, warehouse" }).roles).toEqual(["web", "warehouse"]);
  });

  it("wants in production a secret between shop and warehouse where they are started apart", () => {
    const production = { NODE_ENV: "production", AUTH_SECRET: STRONG };
    const apart = { ...production, ROLES: "web,worker", WAREHOUSE_URL: "http://warehouse:3002/" };
    expect(() => readConfig(apart)).toThrow("WAREHOUSE_SECRET is required");
    expect(() => readConfig({ ...apart, WAREHOUSE_SECRET: "x".repeat(40) })).toThrow("WAREHOUSE_SECRET is a default");
    expect(readConfig({ ...apart, WAREHOUSE_SECRET: OTHER }).warehouse.url).toBe("http://warehouse:3002");
    expect(() => readConfig({ NODE_ENV: "production", ROLES: "warehouse" })).toThrow("WAREHOUSE_SECRET is required");
    expect(() => readConfig({ ...apart, WAREHOUSE_SECRET: OTHER, WAREHOUSE_SECRET_PREVIOUS: "x".repeat(40) })).toThrow(
      "WAREHOUSE_SECRET_PREVIOUS is a default",
    );
    // The warehouse signs no sessions.
    const warehouse = { NODE_ENV: "production", ROLES: "warehouse", WAREHOUSE_SECRET: STRONG };
    expect(readConfig(warehouse).authSecret).toBeUndefined();
    // Together, they have one from the shop's own.
    expect(readConfig({ ...production, ROLES: "web,worker,warehouse" }).warehouse.secret).toBeUndefined();
  });

  it("refuses one port for shop and warehouse only where this start runs both there", () => {
    const same = { PORT: "3002", WAREHOUSE_PORT: "3002" };
    expect(readConfig({ ...same, ROLES: "warehouse" }).warehouse.port).toBe(3002);
    expect(readConfig({ ...same, ROLES: "worker,warehouse" }).warehouse.port).toBe(3002);
    expect(readConfig({ ...same, ROLES: "web" }).port).toBe(3002);
    expect(readConfig({ PORT: "3002" }).warehouse.port).toBeUndefined();
    expect(readConfig({ PORT: "0", WAREHOUSE_PORT: "0" })).toMatchObject({ port: 0, warehouse: { port: 0 } });
  });

  it("takes faults from the start until a time that is past, or at most 24 hours ahead", () => {
    const now = Date.parse("2030-01-30T12:00:00Z");
    const until = (CHAOS_UNTIL: string) => readConfig({ CHAOS: "errors", CHAOS_UNTIL }, now).chaos?.until;
    expect(until("2001-01-01T00:00:00Z")).toBe("2001-01-01T00:00:00Z");
    expect(until("2030-01-31T12:00:00Z")).toBe("2030-01-31T12:00:00Z");
    expect(until("2030-01-31T14:00:00+02:00")).toBe("2030-01-31T12:00:00Z");
    expect(() => until("2030-01-31T12:00:01Z")).toThrow("more than 24 hours ahead");
    expect(() => until("2030-01-31T12:00:01+00:00")).toThrow(ConfigError);
  });

  it("allows chaos in development, and in production only what is named", () => {
    const until = "2025-01-31T12:00:00Z";
    const production = { NODE_ENV: "production", AUTH_SECRET: STRONG };
    expect(readConfig({}).chaosAllowed).toEqual(["latency", "errors", "refuse", "crash"]);
    expect(readConfig({ CHAOS: "latency,errors", CHAOS_UNTIL: until }).chaos).toEqual({
      faults: ["latency", "errors"],
      until,
    });
    expect(readConfig(production)).toMatchObject({ chaosAllowed: [], chaos: undefined });
    const named = { ...production, CHAOS_ALLOWED: "latency" };
    expect(readConfig(named).chaosAllowed).toEqual(["latency"]);
    expect(() => readConfig({ ...named, CHAOS: "latency,crash", CHAOS_UNTIL: until })).toThrow('CHAOS "crash"');
  });
});

import { describe, expect, it } from "vitest";
import { type DatabaseTarget, parseDatabaseUrl } from "./database-url.ts";

const PLAIN: DatabaseTarget = {
  host: "db.example",
  port: 5432,
  user: "shop",
  password: "secret",
  database: "store",
  tls: undefined,
  applicationName: undefined,
  connectTimeoutMs: undefined,
};

describe("reads what psql reads", () => {
  it.each<[string, Partial<DatabaseTarget>]>([
    ["postgres://shop:secret@db.example/store", {}],
    ["postgresql://shop:secret@db.example:5433/store", { port: 5433 }],
    ["postgres://shop:secret@[::1]:5433/store", { host: "::1", port: 5433 }],
    ["postgres://shop:secret@[fe80::1%25eth0]/store", { host: "fe80::1%eth0" }],
    ["postgres://shop:100%25%20%2F%40@db.example/store", { password: "100% /@" }],
    ["postgres://shop:a:b+c@db.example/store", { password: "a:b+c" }],
    ["postgres://sh%C3%B6p:secret@db.example/My%20Shop", { user: "shöp", database: "My Shop" }],
    ["postgres://shop:secret@db.example", { database: "shop" }],
    ["postgres://shop@db.example/", { password: "", database: "shop" }],
    ["postgres://shop:secret@/store?host=/var/run/postgresql", { host: "/var/run/postgresql" }],
    ["postgres:///store?host=/run/db&port=5433&user=shop&password=secret", { host: "/run/db", port: 5433 }],
    ["postgres://shop:secret@%2Frun%2Fdb/store", { host: "/run/db" }],
    ["postgres://shop:secret@/store", { host: "localhost" }],
    ["postgres://shop:secret@db.example/?dbname=store", {}],
    ["postgres://shop:secret@db.example/store?target_session_attrs=read-write&channel_binding=prefer", {}],
    [
      "postgres://shop:secret@db.example/store?connect_timeout=7&application_name=my%20shop",
      { applicationName: "my shop", connectTimeoutMs: 7_000 },
    ],
    ["postgres://shop:secret@db.example/store?sslmode=disable", {}],
  ])("%s", (url, differs) => {
    expect(parseDatabaseUrl(url)).toEqual({ ...PLAIN, ...differs });
  });

  it.each<[string, DatabaseTarget["tls"]]>([
    ["sslmode=prefer", tls("prefer")],
    ["sslmode=require", tls("require")],
    ["sslmode=require&sslrootcert=/ca.pem", { ...tls("verify-ca"), rootCert: "/ca.pem" }],
    ["sslmode=verify-ca&sslrootcert=/ca.pem", { ...tls("verify-ca"), rootCert: "/ca.pem" }],
    ["sslmode=verify-full&sslrootcert=system", { ...tls("verify-full"), rootCert: "system" }],
    ["sslmode=verify-full&sslcert=/c.pem&sslkey=/k.pem", { ...tls("verify-full"), cert: "/c.pem", key: "/k.pem" }],
  ])("?%s", (query, expected) => {
    expect(parseDatabaseUrl(`postgres://shop:secret@db.example/store?${query}`).tls).toEqual(expected);
  });
});

describe("refuses what it would not do, and repeats no secret", () => {
  it.each([
    ["mysql://shop:hidden@db.example/store", "must begin with postgres://"],
    ["postgres://shop:hid/den@db.example/store", "are written as %2F"],
    ["postgres://shop:hid@den@db.example/store", "are written as %2F"],
    ["postgres://sh@op:hidden@db.example/store", "are written as %2F"],
    ["postgres://shop:12/hidden@db.example/store", "are written as %2F"],
    ["postgres://shop:hid#den@db.example/store", "are written as %2F"],
    ["postgres://shop:hid den@db.example/store", "are written as %2F"],
    ["postgres://shop:hidden@db.example/store\r", "are written as %2F"],
    ["postgres://shop:12?hidden@db.example/store", "has a parameter that is not known"],
    ["postgres://shop:hidden%@db.example/store", 'has a "%" in its password'],
    ["postgres://shop:hidden%zz@db.example/store", 'has a "%" in its password'],
    ["postgres://shop:hidden%ff@db.example/store", 'has a "%" in its password'],
    ["postgres://shop:hidden%00@db.example/store", "must not have %00"],
    ["postgres://db.example/store", "names no user"],
    ["postgres://shop:hidden@one,two/store", "names several hosts"],
    ["postgres://shop:hidden@one:5432,two:5432/store", "names several hosts"],
    ["postgres://shop:hidden@/store?host=one,two", "names several hosts"],
    ["postgres://shop:hidden@::1/store", "has a host that cannot be read"],
    ["postgres://shop:hidden@[db.example]/store", "has a host that cannot be read"],
    ["postgres://shop:hidden@db.example:0/store", "has a port"],
    ["postgres://shop:hidden@db.example:65536/store", "has a port"],
    ["postgres://shop:hidden@db.example/a/b", "must look like"],
    ["postgres://shop:hidden@db.example/store?search_path=public", "named by DATABASE_SCHEMA"],
    ["postgres://shop:hidden@db.example/store?schema=public", "named by DATABASE_SCHEMA"],
    ["postgres://shop:hidden@db.example/store?currentSchema=public", "named by DATABASE_SCHEMA"],
    ["postgres://shop:hidden@db.example/store?options=-csearch_path%3Dpublic", "must not have the parameter options"],
    ["postgres://shop:hidden@db.example/store?ssl=true", 'has a parameter "ssl" that is not known; known are host'],
    ["postgres://shop:hidden@db.example/store?toString=1", 'has a parameter "toString" that is not known'],
    [
      "postgres://shop:hidden@db.example/store?sslmode=verify-full&sslrootcert=",
      "sslrootcert, which must not be empty",
    ],
    ["postgres://shop:hidden@db.example/store?sslmode=allow", "which must be one of disable, prefer, require"],
    ["postgres://shop:hidden@db.example/store?sslmode=", "which must be one of"],
    ["postgres://shop:hidden@db.example/store?sslmode=require&sslmode=disable", 'has the parameter "sslmode" twice'],
    ["postgres://shop:hidden@db.example/store?sslrootcert=/ca.pem", "which needs sslmode=verify-full"],
    ["postgres://shop:hidden@db.example/store?sslmode=prefer&sslrootcert=/ca.pem", "which needs sslmode=verify-full"],
    ["postgres://shop:hidden@db.example/store?sslmode=require&sslcert=/c.pem", "needs both of sslcert and sslkey"],
    ["postgres://shop:hidden@db.example/store?sslmode=require&sslkey=/k.pem", "needs both of sslcert and sslkey"],
    ["postgres://shop:hidden@db.example/store?sslcert=/c.pem&sslkey=/k.pem", "has sslcert, which needs sslmode"],
    ["postgres://shop:hidden@db.example/store?channel_binding=require", "it is not bound to the connection"],
    ["postgres://shop:hidden@db.example/store?target_session_attrs=standby", "cannot be written to is never used"],
    ["postgres://shop:hidden@db.example/store?connect_timeout=0", "must be a number of seconds from 1 to 999"],
    ["postgres://shop:hidden@db.example/store?client_encoding=LATIN1", "which must be one of UTF8"],
  ])("%s", (url, words) => {
    expect(() => parseDatabaseUrl(url)).toThrow(words);
    expect(() => parseDatabaseUrl(url)).not.toThrow("hid");
  });
});

function tls(mode: "prefer" | "require" | "verify-ca" | "verify-full") {
  return { mode, rootCert: undefined, cert: undefined, key: undefined };
}

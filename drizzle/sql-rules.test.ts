import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getTableColumns, getTableName, is, SQL, Table } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import * as shop from "./schema/index.ts";
import * as warehouse from "./warehouse/schema.ts";

/*
 * The rules for SQL in docs/architecture.md, each learnt on a cluster or behind a pooler, where what breaks them is refused or,
 * worse, does something else without a word.
 */

const ROOT = join(import.meta.dirname, "..");

interface Text {
  readonly file: string;
  /** Without comments, blanks made one. */
  readonly text: string;
}

const MIGRATIONS = read("drizzle/**/*.sql", (file) => file.includes("/migrations/"));
const FUNCTIONS = read("drizzle/functions/*.sql");
const SERVER = read("server/**/*.ts", (file) => !/\.(test|fixture)\.ts$|\/testing\//.test(file));
const SQL_FILES = [...MIGRATIONS, ...FUNCTIONS];
const ALL = [...SQL_FILES, ...SERVER];

describe("time", () => {
  it("is read where nothing waits for a lock, or in a statement of its own and passed on", () => {
    // What changes while a statement runs is refused in what changes rows, or is another time on each node. `now()` and
    // `statement_timestamp()` stay the same while it runs.
    const read = found(ALL, /clock_timestamp\(\)/g).filter(({ file }) => !file.includes("/migrations/"));
    const passedOn = found(FUNCTIONS, /:= clock_timestamp\(\);/g);
    const readers = ["server/database/clock.ts", "server/purchases/statements.ts"];
    expect(filesOf(read).filter((file) => !readers.includes(file))).toEqual(filesOf(passedOn));
  });

  it("is given by whoever inserts what they select, and not left to the column's default", () => {
    expect(SERVER.length).toBeGreaterThan(200);
    const inserts = found(ALL, /insert into (\w+) \(([^)]+)\) (?:select|with)\b/gi);
    // A pattern that finds nothing would hold everything.
    expect(inserts.length).toBeGreaterThan(0);
    const left = inserts.flatMap(({ file, match: [, table = "", columns = ""] }) => {
      const named = columns.split(",").map((column) => column.trim());
      const timed = TIMED_COLUMNS.get(table) ?? [];
      return timed.filter((column) => !named.includes(column)).map((column) => `${file}: ${table}.${column}`);
    });
    expect(left).toEqual([]);
  });
});

it("nothing that is another value for each row stands in what changes rows, in a case or in a coalesce", () => {
  const VOLATILE = String.raw`(?:clock_timestamp|timeofday|random|gen_random_uuid|uuidv7|nextval)\(`;
  const within = [
    String.raw`\bupdate \w+ (?:as \w+ )?set [^;\`]*?${VOLATILE}`,
    String.raw`\bdelete from [^;\`]*?${VOLATILE}`,
    String.raw`\bdo update set [^;\`]*?${VOLATILE}`,
    String.raw`\bcase\b(?:(?!\bend\b)[^;\`])*?${VOLATILE}`,
    String.raw`\bcoalesce\([^;)\`]*?${VOLATILE}`,
    // Drizzle's.
    String.raw`\.set\(\{[^;]*?${VOLATILE}[^;]*?\}\)`,
  ];
  for (const pattern of within) expect(filesOf(found(ALL, new RegExp(pattern, "gi"))), pattern).toEqual([]);
});

describe("triggers", () => {
  it("work row by row, but for TRUNCATE, which has no rows", () => {
    const made = found(SQL_FILES, /create trigger \S+ (before|after) ([\w ]+?) on \S+ (.*?)execute function/gi);
    expect(made.length).toBeGreaterThan(10);
    for (const { match } of made) {
      const [text, , events = "", how = ""] = match;
      const each = events === "truncate" ? "for each statement" : "for each row";
      expect(how, text).toContain(each);
      expect(/truncate/.test(events) && events !== "truncate", text).toBe(false);
    }
    expect(found(SQL_FILES, /referencing (new|old) table/gi)).toEqual([]);
  });

  it("insert nothing but a user's wallet", () => {
    const inserting = found(SQL_FILES, /create function (\w+)\(\) returns trigger(?:(?!\$\$;).)*\binsert into/gi);
    expect(inserting.map(({ match }) => match[1])).toEqual(["give_wallet"]);
  });
});

it("functions are plpgsql", () => {
  expect(filesOf(found(SQL_FILES, /language sql\b/gi))).toEqual([]);
});

it("one ALTER has one subcommand, and nothing names a schema", () => {
  const alters = found(MIGRATIONS, /alter table [^;]+;/gi);
  expect(alters.length).toBeGreaterThan(10);
  const several = alters.filter(({ match }) => /, (add|alter|drop|set|rename|validate)\b/i.test(match[0]));
  expect(several.map(({ file, match }) => `${file}: ${match[0]}`)).toEqual([]);
  // drizzle-kit writes "public". before what it refers to: take it out, a store is whatever the search_path says.
  expect(filesOf(found(SQL_FILES, /"?\bpublic\b"?\./gi))).toEqual([]);
});

it("rows are found by their keys, never by where they lie", () => {
  // A purchase finds the two rows that it has just locked by their places, which is measurably faster.
  const byPlace = found(ALL, /\bctid\b/g).filter(({ file }) => !file.startsWith("server/purchases/"));
  expect(filesOf(byPlace)).toEqual([]);
});

it("settings belong to a transaction, but for those that a connection begins with", () => {
  const lasting = found(ALL, /set_config\([^;`]*?, false\)|[`"]set (?!local |transaction )[a-z_]+ (?:to |= )/g);
  expect(filesOf(lasting)).toEqual(["server/database/session-settings.ts"]);
});

/** Of each table the columns whose default is read from a clock. */
const TIMED_COLUMNS = new Map(
  [shop, warehouse].flatMap((schema) =>
    Object.values(schema).flatMap((table): [string, string[]][] => {
      if (!is(table, Table)) return [];
      const timed = Object.values(getTableColumns(table)).filter((column) => is(column.default, SQL));
      return [[getTableName(table), timed.map((column) => column.name)]];
    }),
  ),
);

function read(pattern: string, isWanted: (file: string) => boolean = () => true): Text[] {
  return globSync(pattern, { cwd: ROOT })
    .map((file) => file.replaceAll("\\", "/"))
    .filter(isWanted)
    .toSorted()
    .map((file) => ({ file, text: plain(readFileSync(join(ROOT, file), "utf8")) }));
}

function plain(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\/|(?<![:"'\w])\/\/.*|^\s*--.*|\s-- .*/gm, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function found(texts: readonly Text[], pattern: RegExp) {
  return texts.flatMap(({ file, text }) => [...text.matchAll(pattern)].map((match) => ({ file, match })));
}

function filesOf(places: readonly { file: string }[]): string[] {
  return [...new Set(places.map(({ file }) => file))];
}

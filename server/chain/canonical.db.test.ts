import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getTableColumns, getTableName, is, Table } from "drizzle-orm";
import { expect, it } from "vitest";
import * as schema from "../../drizzle/schema/index.ts";
import { trade } from "../operations/reconcile.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { sealNow } from "./chain.fixture.ts";
import { SOURCE_NAMES, SOURCES } from "./sources.ts";

/* docs/chain.md, done by its words and without the code that seals: so anybody can, in any language. */

const COLUMNS = documentedColumns();

it("is computed from the rows alone, by what the documentation says", async () => {
  await using test = await createTestDatabase();
  await trade(test);
  await test.sql`
    insert into audit_log (occurred_at, actor_kind, action, subject, outcome, details)
    values (clock_timestamp(), 'cli', 'user.create', 'user:Zoë', 'success', '{"name": "Zoë, \\"5:x,\\"", "n": null}')`;
  await sealNow(test.database);
  await trade(test);
  await sealNow(test.database);
  const known = await digests(test);
  const heads = new Map<string, Buffer>();
  const sets = await test.sql`
    select *, (extract(epoch from until) * 1000000)::bigint::text as until from chain_sets order by chain, number`;
  for (const { source, chain, number, until, count, members, head } of sets) {
    const ids = Array.from({ length: count }, (_, at) => `${source} ${members.toString("hex", at * 24, at * 24 + 16)}`);
    const computed = createHash("sha256");
    computed.update(heads.get(chain) ?? Buffer.alloc(32));
    computed.update([chain, number, until, count].map(field).join(""));
    for (const id of ids) computed.update(known.get(id) ?? "");
    expect(computed.digest("hex"), chain).toBe(head.toString("hex"));
    expect(members.toString("hex", 16, 24)).toBe(known.get(ids[0] ?? "")?.toString("hex", 0, 8));
    heads.set(chain, head);
  }
  expect(new Set(sets.map(({ source }) => source))).toEqual(new Set(SOURCE_NAMES));
  expect(sets.some(({ number }) => number === "2")).toBe(true);
});

it("covers every column of what is never changed", () => {
  const tables = Object.values(schema).filter((each) => is(each, Table));
  for (const { name, columns } of SOURCES) {
    expect(columns).toEqual(COLUMNS.get(name));
    const table = tables.find((each) => getTableName(each) === name);
    if (!table) throw new Error(`there is no table ${name}`);
    const all = Object.values(getTableColumns(table)).map((column) => column.name);
    const changing = name === "orders" ? ["status", "inventory_updated", "error_message", "updated_at"] : [];
    expect(columns.toSorted()).toEqual(all.filter((column) => !changing.includes(column)).toSorted());
  }
});

/** By table and id, as the 16 bytes of the documentation. */
async function digests(test: TestDatabase): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const source of SOURCE_NAMES) {
    const rows = await rowsOf(test, source);
    const lines = source === "orders" ? await rowsOf(test, "order_items") : [];
    for (const row of rows) {
      const own = lines
        .filter(({ order_id }) => order_id === row.id)
        .toSorted((a, b) => Number(a.line) - Number(b.line));
      const text = [field(source), fields(source, row), ...own.map((line) => fields("order_items", line))].join("");
      const id =
        typeof row.id === "number" ? row.id.toString(16).padStart(32, "0") : String(row.id).replaceAll("-", "");
      found.set(`${source} ${id}`, createHash("sha256").update(text).digest());
    }
  }
  return found;
}

async function rowsOf(test: TestDatabase, table: string): Promise<Record<string, unknown>[]> {
  const details = table === "audit_log" ? " || jsonb_build_object('details', details::text)" : "";
  const rows = await test.sql.unsafe(`select to_jsonb(rows)${details} as row from ${table} as rows`);
  return rows.map(({ row }) => row);
}

function fields(table: string, row: Record<string, unknown>): string {
  const columns = COLUMNS.get(table) ?? [];
  return columns.map((name) => field(name.endsWith("_at") ? microseconds(row[name]) : row[name])).join("");
}

function field(value: unknown): string {
  return value === null ? "~," : `${Buffer.byteLength(String(value))}:${value},`;
}

/** @param time for example 2026-12-01T00:00:00.123456+00:00 */
function microseconds(time: unknown): string | null {
  if (time === null) return null;
  const [seconds = "", fraction = ""] = String(time).replace("+00:00", "").split(".");
  return `${Date.parse(`${seconds}Z`) / 1000}${fraction.padEnd(6, "0")}`;
}

function documentedColumns(): Map<string, string[]> {
  const text = readFileSync(join(import.meta.dirname, "../../docs/chain.md"), "utf8");
  const lines = text.split("```")[1]?.trim().split("\n") ?? [];
  return new Map(lines.map((line) => line.split(/\s+/)).map(([table = "", ...columns]) => [table, columns]));
}

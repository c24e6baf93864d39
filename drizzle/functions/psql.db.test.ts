import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { makeBuyer, makeProducts } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { expectReconciled } from "./orders.fixture.ts";

/**
 * The functions without any code of the shop around them: by `psql` where there is one (or at `PSQL`), and by the
 * protocol's simple query, which is what it speaks.
 */
const PSQL = [process.env.PSQL, "/usr/bin/psql", "/usr/local/bin/psql", "/opt/homebrew/bin/psql"].find(
  (path) => path && existsSync(path),
);

it("sells, refuses and gives back by plain statements alone", async () => {
  await using test = await createTestDatabase();
  const asked = await script(test);
  const answers: string[] = [];
  for (const statement of asked) {
    const rows = await test.sql.unsafe(statement).simple();
    answers.push(rows.map((row) => Object.values(row).map(psqlText).join("|")).join("\n"));
  }
  expect(answers).toEqual(ANSWERS);
  await expectReconciled(test);
});

it.skipIf(!PSQL)("sells, refuses and gives back by psql alone", async () => {
  await using test = await createTestDatabase();
  const asked = await script(test);
  const options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
  const psql = spawn(PSQL ?? "", [...options, test.adminUrl], { stdio: ["pipe", "pipe", "inherit"] });
  psql.stdin.end(["set search_path to shop;", ...asked].join(";\n"));
  expect((await text(psql.stdout)).trim()).toBe(ANSWERS.join("\n"));
  await expectReconciled(test);
});

async function script(test: TestDatabase): Promise<string[]> {
  const buyer = await makeBuyer(test.database, { balanceCents: 5_000 });
  await makeProducts(test.database, [
    { name: "Lamp", units: 5 },
    { name: "Chair", units: 2 },
  ]);
  return [
    `select * from process_order('${buyer}', 1, 2, 'one')`,
    `select * from process_order('${buyer}', 1, 2, 'one')`,
    `select * from place_order('${buyer}', 1, '[{"product_id": 2, "quantity": 1}, {"product_id": 1, "quantity": 1}]', 'two')`,
    `select * from place_order('${buyer}', 1, '[{"product_id": 2, "quantity": 3}]', 'three')`,
    `select * from place_order('${buyer}', 1, '[{"product_id": 1, "quantity": "2"}]', 'four')`,
    `select * from place_order('${buyer}', 1, '[{"product_id": 2, "quantity": 1}, {"product_id": 1, "quantity": 1}]', 'five')`,
    "select * from cancel_order(1, null, 'Out of stock', 'six')",
    "select * from cancel_order(1, null, 'Out of stock', 'seven')",
    `select product_id, units from inventory order by product_id`,
    `select action, outcome, coalesce(details ->> 'code', '') as code from audit_log where action like 'orders.%' order by id`,
  ];
}

const ANSWERS = [
  "t|1||Order 1 is paid.",
  "f|1|SQLITE_CONSTRAINT|This request was already answered: it is order 1.",
  "t|2||Order 2 is paid.",
  'f||SQLITE_BUSY|Only 1 of "Chair" is left, you asked for 3.',
  "f||SQLITE_MISMATCH|Line 1 needs a product_id, and a quantity that is a whole number from 1 on.",
  "f||SQLITE_CONSTRAINT|The order costs 20.00 EUR and the wallet holds 10.00 EUR: 10.00 EUR are missing.",
  "t|1||Order 1 was given back.",
  "f|1|SQLITE_CONSTRAINT|Order 1 was already given back.",
  "1|4\n2|1",
  [
    "orders.place|success|",
    "orders.place|failure|SQLITE_CONSTRAINT",
    "orders.place|success|",
    "orders.place|failure|SQLITE_BUSY",
    "orders.place|failure|SQLITE_MISMATCH",
    "orders.place|failure|SQLITE_CONSTRAINT",
    "orders.reject|success|",
    "orders.reject|failure|SQLITE_CONSTRAINT",
  ].join("\n"),
];

/** As psql writes a value. */
function psqlText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "boolean" ? (value ? "t" : "f") : String(value);
}

import { expect, it } from "vitest";
import { makeBuyer, makeProducts } from "../../server/testing/factories.ts";
import { createTestDatabase } from "../../server/testing/test-database.ts";
import { connect, expectReconciled, lines, place } from "./orders.fixture.ts";

/* Other programs come with settings of their own, and with what their role was given. */

const ODD = {
  standard_conforming_strings: "off",
  backslash_quote: "off",
  array_nulls: "off",
  transform_null_equals: "on",
  DateStyle: "SQL, DMY",
  IntervalStyle: "sql_standard",
  TimeZone: "Asia/Kathmandu",
  bytea_output: "escape",
  extra_float_digits: "-15",
  default_transaction_isolation: "repeatable read",
};

it("places an order alike in a session with settings that nobody expects", async () => {
  await using test = await createTestDatabase();
  const customerId = await makeBuyer(test.database, { balanceCents: 10_000 });
  const [lamp = 0] = await makeProducts(test.database, [{ name: "Lamp", priceCents: 1_000, units: 8 }]);
  await using odd = connect(test, ODD);
  // With none of the letters that a pattern would mean whose backslash is taken for an escape.
  const order = { customerId, lines: lines([lamp, 2]), requestId: "abc" };
  const first = await place(odd.sql, order);
  expect(first).toMatchObject({ success: true });
  // Known as the same request by a session with other settings.
  expect((await place(test.sql, order)).message).toBe("This request was already answered: it is order 1.");
  await expectReconciled(test);
});

it("finds the same words in a text, whoever writes it", async () => {
  await using test = await createTestDatabase();
  await using odd = connect(test, ODD);
  const words = "select search_words('RTX-4090 Black/White 1,000 Café') as words";
  const [ordinary] = await test.sql.unsafe(words);
  expect(ordinary?.words).toContain("4090");
  expect(await odd.sql.unsafe(words)).toEqual([ordinary]);
});

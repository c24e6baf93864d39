import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBuyer, makeProducts, makeWarehouse } from "../../server/testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../../server/testing/test-database.ts";
import { audited, counts, expectReconciled, lines, place, refusalText } from "./orders.fixture.ts";

/**
 * Every documented refusal, in the documented order, against one shop. Each case breaks the rule that it is named after
 * and, where it can, all that come after it: so the answer shows the order as well.
 */
let test: TestDatabase;
let shop: Awaited<ReturnType<typeof open>>;
const shown: string[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  shop = await open(test);
});

afterAll(async () => {
  // biome-ignore lint/suspicious/noConsole: the table of refusals is there to be read.
  console.log(`\n${shown.join("\n")}\n`);
  await test[Symbol.asyncDispose]();
});

async function open({ database, sql }: TestDatabase) {
  const buyer = await makeBuyer(database, { balanceCents: 10_000 });
  const inactive = await makeBuyer(database);
  await sql`update users set active = false where id = ${inactive}`;
  const second = await makeWarehouse(database);
  const [lamp = 0, chair = 0, withdrawn = 0, saleOnly = 0, nowhere = 0] = await makeProducts(database, [
    { name: "Lamp", priceCents: 1_000, units: { 1: 8, [second]: 3 } },
    { name: "Chair", priceCents: 20_000, units: 5 },
    { name: "Clock", available: false, units: {} },
    { name: "Speaker", onlyInSales: true, units: {} },
    { name: "Vase", units: {} },
  ]);
  const first = await place(sql, { customerId: buyer, lines: lines([lamp, 2]), requestId: "used" });
  return {
    buyer,
    inactive,
    second,
    lamp,
    chair,
    withdrawn,
    saleOnly,
    nowhere,
    orderId: first.order_id,
    missing: 9_999,
  };
}

type Shop = typeof shop;
interface Case {
  readonly name: string;
  readonly ask: (shop: Shop) => Parameters<typeof place>[1];
  readonly code: string;
  readonly reason: string;
  readonly message: string | RegExp;
  /** Of an order that exists already. */
  readonly orderId?: (shop: Shop) => string | null;
  /** Per product that is at fault. */
  readonly problems?: (shop: Shop) => object[];
}

const NOBODY = "00000000-0000-4000-8000-000000000000";

const MISMATCHES: Case[] = [
  ["no customer", ({ missing }: Shop) => ({ customerId: null, lines: lines([missing, 1]) })],
  ["no request id", () => ({ customerId: NOBODY, lines: lines([1, 1]), requestId: null })],
  ["a blank request id", () => ({ customerId: NOBODY, lines: lines([1, 1]), requestId: " \t" })],
  ["a request id of 256 characters", () => ({ customerId: NOBODY, lines: lines([1, 1]), requestId: "x".repeat(256) })],
  ["no warehouse", () => ({ customerId: NOBODY, warehouseId: null, lines: lines([1, 1]) })],
  ...[
    null,
    "null",
    "1",
    '"x"',
    "{}",
    "[]",
    "[null]",
    "[1]",
    "[[]]",
    '[{"product_id": 1}]',
    '[{"quantity": 1}]',
    '[{"product_id": null, "quantity": 1}]',
    '[{"product_id": "1", "quantity": 1}]',
    '[{"product_id": 1.5, "quantity": 1}]',
    '[{"product_id": 9223372036854775808, "quantity": 1}]',
    '[{"product_id": 1, "quantity": "1"}]',
    '[{"product_id": 1, "quantity": true}]',
    '[{"product_id": 1, "quantity": [1]}]',
    '[{"product_id": 1, "quantity": {"quantity": 1}}]',
    '[{"product_id": 1, "quantity": 0}]',
    '[{"product_id": 1, "quantity": -1}]',
    '[{"product_id": 1, "quantity": 1.5}]',
    '[{"product_id": 1, "quantity": 2147483648}]',
    '[{"product_id": 1, "quantity": 1e400}]',
    '[{"product_id": 1, "quantity": 1e-400}]',
    '[[{"product_id": 1, "quantity": 1}]]',
    '[{"product_id": 1, "quantity": 1}, {"product_id": 1, "quantity": 0}]',
    JSON.stringify(Array.from({ length: 1_001 }, () => ({ product_id: 1, quantity: 1 }))),
  ].map((text) => [`lines: ${text?.slice(0, 60) ?? "null"}`, () => ({ customerId: NOBODY, lines: text })] as const),
].map(([name, ask]) => ({
  name: `invalid input: ${name}`,
  // The request id is one that stands for another order already: the arguments come first.
  ask: (each) => ({ requestId: "used", ...(ask as Case["ask"])(each) }),
  code: "SQLITE_MISMATCH",
  reason: "INVALID_INPUT",
  message: /^(The|A request|An order|Line \d+) /,
}));

const REFUSALS: Case[] = [
  {
    name: "duplicate request",
    ask: ({ buyer, lamp }) => ({
      customerId: buyer,
      lines: lines([lamp, 1], [lamp, 1]),
      requestId: "used",
      warehouseId: 77,
    }),
    code: "SQLITE_CONSTRAINT",
    reason: "DUPLICATE_REQUEST",
    message: "This request was already answered: it is order 1.",
    orderId: ({ orderId }) => orderId,
  },
  {
    name: "other lines under one request id",
    ask: ({ buyer, missing }) => ({ customerId: buyer, lines: lines([missing, 1]), requestId: "used" }),
    code: "SQLITE_CONSTRAINT",
    reason: "REQUEST_ID_REUSED",
    message: "This request id already stands for another order.",
  },
  {
    name: "customer missing",
    ask: ({ missing }) => ({ customerId: NOBODY, lines: lines([missing, 1]), requestId: "used" }),
    code: "SQLITE_NOTFOUND",
    reason: "CUSTOMER_NOT_FOUND",
    message: `There is no customer ${NOBODY}.`,
  },
  {
    name: "customer inactive",
    ask: ({ inactive, missing }) => ({ customerId: inactive, lines: lines([missing, 1]) }),
    code: "SQLITE_CONSTRAINT",
    reason: "CUSTOMER_INACTIVE",
    message: "This account has been deactivated.",
  },
  {
    name: "product missing",
    ask: ({ buyer, missing, withdrawn }) => ({ customerId: buyer, lines: lines([withdrawn, 1], [missing, 1]) }),
    code: "SQLITE_NOTFOUND",
    reason: "PRODUCT_NOT_FOUND",
    message: "There is no product 9999.",
    problems: ({ missing }) => [{ productId: missing, lines: [2], requested: 1, available: 0 }],
  },
  {
    name: "product withdrawn",
    ask: ({ buyer, withdrawn, nowhere }) => ({
      customerId: buyer,
      warehouseId: 77,
      lines: lines([nowhere, 1], [withdrawn, 1]),
    }),
    code: "SQLITE_CONSTRAINT",
    reason: "PRODUCT_UNAVAILABLE",
    message: '"Clock" is not for sale.',
    problems: ({ withdrawn }) => [
      { productId: withdrawn, productName: "Clock", lines: [2], requested: 1, available: 0 },
    ],
  },
  {
    name: "product only in sales",
    ask: ({ buyer, saleOnly }) => ({ customerId: buyer, lines: lines([saleOnly, 1]) }),
    code: "SQLITE_CONSTRAINT",
    reason: "PRODUCT_UNAVAILABLE",
    message: '"Speaker" is not for sale.',
    problems: ({ saleOnly }) => [
      { productId: saleOnly, productName: "Speaker", lines: [1], requested: 1, available: 0 },
    ],
  },
  {
    name: "warehouse missing",
    ask: ({ buyer, lamp }) => ({ customerId: buyer, warehouseId: 77, lines: lines([lamp, 1]) }),
    code: "SQLITE_NOTFOUND",
    reason: "WAREHOUSE_NOT_FOUND",
    message: "There is no warehouse 77.",
  },
  {
    name: "inventory missing",
    ask: ({ buyer, lamp, nowhere }) => ({ customerId: buyer, lines: lines([lamp, 99], [nowhere, 1]) }),
    code: "SQLITE_NOTFOUND",
    reason: "INVENTORY_NOT_FOUND",
    message: '"Vase" is not kept in "Main warehouse".',
    problems: ({ nowhere }) => [{ productId: nowhere, productName: "Vase", lines: [2], requested: 1, available: 0 }],
  },
  {
    name: "inventory insufficient",
    ask: ({ buyer, lamp, chair }) => ({ customerId: buyer, lines: lines([chair, 9], [lamp, 4], [lamp, 3]) }),
    code: "SQLITE_BUSY",
    reason: "INSUFFICIENT_INVENTORY",
    message: 'Only 5 of "Chair" are left, you asked for 9. One more product is short.',
    problems: ({ lamp, chair }) => [
      { productId: chair, productName: "Chair", lines: [1], requested: 9, available: 5 },
      { productId: lamp, productName: "Lamp", lines: [2, 3], requested: 7, available: 6 },
    ],
  },
  {
    name: "more units than any number holds",
    ask: ({ buyer, lamp }) => ({
      customerId: buyer,
      lines: lines(...Array.from({ length: 1_000 }, (): [number, number] => [lamp, 2_147_483_647])),
    }),
    code: "SQLITE_BUSY",
    reason: "INSUFFICIENT_INVENTORY",
    message: 'Only 6 of "Lamp" are left, you asked for 2147483647000.',
  },
  {
    name: "balance insufficient",
    ask: ({ buyer, chair, lamp }) => ({ customerId: buyer, lines: lines([chair, 1], [lamp, 1]) }),
    code: "SQLITE_CONSTRAINT",
    reason: "INSUFFICIENT_BALANCE",
    message: "The order costs 210.00 EUR and the wallet holds 80.00 EUR: 130.00 EUR are missing.",
  },
];

describe("place_order, refused", () => {
  it.each([...MISMATCHES, ...REFUSALS])(
    "says so, writes one audit row and changes nothing else: $name",
    async (each) => {
      const asked = each.ask(shop);
      const before = await counts(test.sql);
      const auditedBefore = await audited(test.sql);
      const result = await place(test.sql, asked);

      const orderId = each.orderId?.(shop) ?? null;
      const message = typeof each.message === "string" ? each.message : expect.stringMatching(each.message);
      expect(result).toEqual({ success: false, order_id: orderId, error_code: each.code, message });
      expect(await counts(test.sql)).toEqual(before);
      const [row, ...more] = (await audited(test.sql)).slice(auditedBefore.length);
      expect(more).toEqual([]);
      expect(row).toMatchObject({
        actorId: asked.customerId,
        action: "orders.place",
        subject: orderId ? `order:${orderId}` : `customer:${asked.customerId ?? "none"}`,
        outcome: "failure",
        details: { code: each.code, reason: each.reason, message: result.message },
      });
      if (each.problems) expect(row?.details.problems).toEqual(each.problems(shop));
      if (!MISMATCHES.slice(1).includes(each)) shown.push(refusalText(each.name, result, row, before));
    },
  );

  it("leaves books that add up", () => expectReconciled(test));

  it("lets a failed request be sent again under the same id", async () => {
    const order = { customerId: shop.buyer, lines: lines([shop.lamp, 7]), requestId: "again" };
    expect(await place(test.sql, order)).toMatchObject({ error_code: "SQLITE_BUSY" });
    expect(await place(test.sql, { ...order, lines: lines([shop.lamp, 1]) })).toMatchObject({ success: true });
    await expectReconciled(test);
  });
});

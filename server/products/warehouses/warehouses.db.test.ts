import { expect, it } from "vitest";
import { signedInOperator, startTestApp } from "../../app/app.fixture.ts";
import { makeProducts } from "../../testing/factories.ts";
import { createTestDatabase } from "../../testing/test-database.ts";

it("a warehouse is made, filled, listed with what is in it, and renamed", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token, id: operatorId } = await signedInOperator(test);
  const made = (await app.mutate("warehouses.create", { name: "Harbour" }, token)).body.result.data;
  expect(made).toEqual({ id: made.id, name: "Harbour", edits: 0, products: 0, units: 0 });
  await makeProducts(test.database, [
    { units: { [made.id]: 3 } },
    { units: { 1: 2, [made.id]: 4 } },
    { units: { 1: 0 } },
  ]);
  const renamed = { warehouseId: made.id, name: "Port", edits: 0 };
  const port = (await app.mutate("warehouses.rename", renamed, token)).body.result.data;
  expect(port).toEqual({ id: made.id, name: "Port", edits: 1, products: 2, units: 7 });
  expect((await app.mutate("warehouses.rename", renamed, token)).body.result.data).toEqual(port);

  const first = (await app.query("warehouses.list", { limit: 1 }, token)).body.result.data;
  expect(first.items).toMatchObject([{ id: 1, products: 2, units: 2 }]);
  const rest = (await app.query("warehouses.list", { cursor: first.nextCursor }, token)).body.result.data;
  expect(rest).toEqual({ items: [port], nextCursor: null });

  const rows = await test.sql`select action, subject, details, actor_id from audit_log order by id`;
  const entry = { subject: `warehouse:${made.id}`, actor_id: operatorId };
  expect(rows).toEqual([
    { ...entry, action: "warehouses.create", details: { name: "Harbour" } },
    { ...entry, action: "warehouses.rename", details: { before: { name: "Harbour" }, after: { name: "Port" } } },
  ]);
});

it("no two warehouses get one name, however many want it at once, and the field is named", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInOperator(test);
  const create = () => app.mutate("warehouses.create", { name: "Harbour" }, token);
  const answers = await Promise.all(Array.from({ length: 8 }, create));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 200);
  refused.push(await app.mutate("warehouses.rename", { warehouseId: 1, name: "Harbour" }, token));
  for (const { status, body } of refused) {
    const issues = [{ path: "name", message: "Another warehouse has this name" }];
    expect({ status, issues: body.error.data.issues }).toEqual({ status: 400, issues });
  }
  expect(await test.sql`select from warehouses where name = 'Harbour'`).toHaveLength(1);
});

it("two operators do not rename a warehouse over each other", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const operators = [await signedInOperator(test), await signedInOperator(test)];
  const rename = (index: number) =>
    app.mutate("warehouses.rename", { warehouseId: 1, name: `Place ${index}`, edits: 0 }, operators[index % 2]?.token);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => rename(index)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { body } of answers.filter(({ status }) => status !== 200)) {
    expect(body.error.data.reason).toBe("CHANGED_MEANWHILE");
    expect(body.error.message).toContain("(warehouses.rename)");
  }
});

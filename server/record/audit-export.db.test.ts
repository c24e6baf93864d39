import { expect, it } from "vitest";
import { signedInAuditor, signedInBuyer, signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { EXPORTS_AT_ONCE } from "./rest.ts";

const ALL = "/api/exports/attempts.csv";

it("writes down who took which file with which filter, by which key, and nothing of what was refused", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const [auditor, operator] = [await signedInAuditor(test), await signedInOperator(test)];
  const made = await app.mutate("keys.create", { name: "Books", scopes: ["read"] }, operator.token);
  const { key, keyId } = made.body.result.data;
  const ofOne = `/api/exports/credits.csv?userId=${auditor.id}&from=2026-01-01T00:00:00Z&bom=1`;
  const { token } = await signedInBuyer(test);

  expect((await app.send(ALL, { token })).status).toBe(403);
  expect((await app.send(`${ALL}?itemId=x`, { token: auditor.token })).status).toBe(400);
  expect((await app.send(ALL, { method: "HEAD", token: auditor.token })).status).toBe(200);
  for (const [path, by] of [
    [ALL, auditor.token],
    [ofOne, operator.token],
    [ALL, key],
  ]) {
    expect((await app.send(path, { token: by })).status).toBe(200);
  }
  expect(
    await test.sql`select actor_id, subject, details from audit_log where action = 'record.export' order by id`,
  ).toEqual([
    { actor_id: auditor.id, subject: "export:attempts", details: {} },
    {
      actor_id: operator.id,
      subject: "export:credits",
      details: { userId: auditor.id, from: "2026-01-01T00:00:00Z" },
    },
    { actor_id: operator.id, subject: "export:attempts", details: { key: { id: keyId, name: "Books" } } },
  ]);
});

it("gives no file that cannot be written down", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInOperator(test);
  await test.sql`alter table audit_log add constraint full_up check (action <> 'record.export')`;
  // More often than there are places: none is kept.
  for (let count = 0; count <= EXPORTS_AT_ONCE; count++) {
    const { status, text } = await app.send(ALL, { token });
    expect(status).toBe(500);
    expect(text).not.toContain("attempt_id");
  }
});

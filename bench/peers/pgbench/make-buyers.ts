import type postgres from "postgres";

/**
 * Makes buyers whose ids follow from their number, so that pgbench can draw one without asking for its id.
 *
 * @param sql a superuser's connection in the store
 */
export async function makeNumberedBuyers(sql: postgres.Sql, count: number, balanceCents: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      insert into users (id, name, email)
      select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Load buyer', 'numbered-' || n || '@example.com'
      from generate_series(1, ${count}::int) as n`;
    await tx`
      insert into credits (id, user_id, kind, amount_cents, balance_after_cents, reason, idempotency_key, fingerprint,
        credited_at)
      select gen_random_uuid(), id, 'opening', ${balanceCents}, ${balanceCents}, 'Opening balance', 'opening', '', now()
      from users
      where email like 'numbered-%'`;
    await tx`
      update wallets set balance_cents = ${balanceCents}
      from users
      where users.id = wallets.user_id and users.email like 'numbered-%'`;
  });
  await sql`vacuum analyze`;
}

import { sql } from "drizzle-orm";
import type { Check } from "./check.ts";

/** The last that was written down of each person's role. */
const GIVEN = sql`(
  select distinct on (subject) subject, details -> 'after' as rights
  from audit_log
  where action = 'users.setRole' and outcome = 'success'
  order by subject, occurred_at desc, id desc
)`;

/** The invariants of people. */
export const PEOPLE_CHECKS: readonly Check[] = [
  {
    // Whoever had a role before roles were written down has no entry. Entries of before that right do not tell of it.
    name: "roles",
    holds:
      "each person has the role and the right to move money that the audit log gave them last; whoever came later than its first such entry is a buyer without one",
    // A role has no time by which it were new.
    isFullOnly: true,
    subjects: () => sql`users`,
    violations: () => sql`
      select format('user %s: role %s, moves money: %s, the audit log says %s', users.id, role, may_move_money,
        coalesce(given.rights::text, 'nothing'))
      from users
      left join ${GIVEN} as given on given.subject = 'user:' || users.id
      where case
        when given.rights is null then role <> 'buyer'
          and users.created_at > (select min(occurred_at) from audit_log where action = 'users.setRole')
        else (given.rights ->> 'role', coalesce((given.rights -> 'mayMoveMoney')::boolean, may_move_money))
          is distinct from (role, may_move_money)
      end`,
  },
];

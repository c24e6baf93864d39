-- Writes down what the caller of an order was answered: one row for each call, whatever came of it. The actions, and who
-- may do them, are those of `shared/audit.ts`.
create or replace function audit_order(
  p_action text,
  p_actor_kind text,
  p_actor_id uuid,
  p_subject text,
  p_outcome order_outcome,
  p_details jsonb
)
returns void
language plpgsql
set search_path from current
as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  insert into audit_log (occurred_at, actor_kind, actor_id, action, subject, outcome, details)
  values (
    moment,
    p_actor_kind,
    p_actor_id,
    p_action,
    p_subject,
    case when p_outcome.success then 'success' else 'failure' end,
    jsonb_strip_nulls(jsonb_build_object(
      'code', p_outcome.error_code,
      'reason', p_outcome.reason,
      'message', p_outcome.message,
      'problems', p_outcome.problems,
      'amountCents', p_outcome.amount_cents
    ) || p_details)
  );
end
$$;

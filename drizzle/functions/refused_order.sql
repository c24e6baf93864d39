-- A refusal as an outcome.
create or replace function refused_order(
  p_error_code text,
  p_reason text,
  p_message text,
  p_order_id bigint default null,
  p_problems jsonb default null
)
returns order_outcome
language plpgsql
immutable
set search_path from current
as $$
begin
  return row(false, p_order_id, p_error_code, p_message, p_reason, p_problems, null)::order_outcome;
end
$$;

-- Cancels an order: its money is in the wallet, once, whoever calls, and its units are in the inventory again unless their
-- dispatch has begun. With an actor the order becomes `refunded`; without one the system itself gives up on it, and it
-- becomes `rejected`. A request id belongs to its actor.
create or replace function cancel_order(p_order_id bigint, p_actor_id uuid, p_reason text, p_request_id text)
returns order_result
language plpgsql
set search_path from current
as $$
declare
  answer order_result;
begin
  select success, order_id, error_code, message into answer
  from settle_cancellation(p_order_id, p_actor_id, p_reason, p_request_id);
  return answer;
end
$$;

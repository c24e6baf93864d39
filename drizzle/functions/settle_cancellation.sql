-- Cancels and refunds an order, and answers with all that is known about the outcome; `cancel_order` is the same with a
-- shorter answer. The frame is that of `settle_order`: a failure changes nothing but the audit log, and nothing is raised
-- but 40001 and 40P01. `p_is_undispatchable` is for the worker alone: the warehouse has refused the order for good.
create or replace function settle_cancellation(
  p_order_id bigint,
  p_actor_id uuid,
  p_reason text,
  p_request_id text,
  p_is_undispatchable boolean default false
)
returns order_outcome
language plpgsql
set search_path from current
as $$
declare
  outcome order_outcome;
  failure jsonb;
  failed_constraint text;
  failed_context text;
begin
  begin
    outcome := give_back_order(p_order_id, p_actor_id, p_reason, p_request_id, p_is_undispatchable);
    if not outcome.success then
      raise exception 'refused under the locks' using errcode = 'REFUS';
    end if;
  exception
    when sqlstate 'REFUS' then
      null;
    when serialization_failure or deadlock_detected then
      raise;
    when others then
      get stacked diagnostics
        failed_constraint = constraint_name,
        failed_context = pg_exception_context;
      if failed_constraint = 'order_refunds_one_per_key' then
        -- Another order was given back under this request id meanwhile.
        outcome := refused_order('SQLITE_CONSTRAINT', 'REQUEST_ID_REUSED',
          'This request id already stands for another order.');
      else
        outcome := explain_exception(sqlstate, failed_constraint);
        failure := jsonb_build_object('sqlstate', sqlstate, 'text', sqlerrm, 'context', failed_context);
        if outcome.error_code = 'SQLITE_ERROR' then
          raise log 'giving back order % failed with %: % (%)', p_order_id, sqlstate, sqlerrm, failed_context;
        end if;
      end if;
  end;

  perform audit_order(
    case when p_actor_id is null then 'orders.reject' else 'orders.refund' end,
    case when p_actor_id is null then 'system' else 'person' end,
    p_actor_id,
    format('order:%s', coalesce(p_order_id::text, 'none')),
    outcome,
    jsonb_build_object(
      'requestId', left(p_request_id, 255),
      'why', left(p_reason, 1000),
      'failure', failure
    )
  );
  return outcome;
end
$$;

-- Places an order and answers with all that is known about the outcome; `place_order` is the same with a shorter answer.
-- Never raises for a refusal: the transaction of the caller goes on, with nothing changed by a failure but its row in the
-- audit log. Conflicts that a retry of the whole transaction solves (40001, 40P01) pass through.
--
-- With p_choose_warehouse the order goes to the warehouse that `choose_warehouse` finds, and p_warehouse_id is not read.
-- p_trace_id is the caller's own trace, which the order's dispatch goes on with; see `store_dispatch`.
create or replace function settle_order(
  p_customer_id uuid,
  p_warehouse_id bigint,
  p_lines jsonb,
  p_request_id text,
  p_choose_warehouse boolean default false,
  p_trace_id text default null
)
returns order_outcome
language plpgsql
set search_path from current
as $$
declare
  warehouse_id bigint;
  outcome order_outcome;
  failure jsonb;
  failed_constraint text;
  failed_context text;
begin
  for attempt in 1 .. 2 loop
    -- A block with exceptions is a subtransaction: leaving it by one undoes all that was done in it.
    begin
      warehouse_id := case when p_choose_warehouse then choose_warehouse(p_lines) else p_warehouse_id end;
      outcome := check_order(p_customer_id, warehouse_id, p_lines, p_request_id);
      if outcome.success is null then
        outcome := take_order(p_customer_id, warehouse_id, p_lines, p_request_id, p_trace_id);
        if not outcome.success then
          raise exception 'refused under the locks' using errcode = 'REFUS';
        end if;
      end if;
    exception
      when sqlstate 'REFUS' then
        -- `outcome` says why: variables keep their values.
        null;
      when serialization_failure or deadlock_detected then
        raise;
      when others then
        get stacked diagnostics
          failed_constraint = constraint_name,
          failed_context = pg_exception_context;
        -- The same request was settled while this one waited to store it: looked at again, it is a duplicate.
        continue when failed_constraint = 'orders_one_per_request' and attempt = 1;
        outcome := explain_exception(sqlstate, failed_constraint);
        failure := jsonb_build_object('sqlstate', sqlstate, 'text', sqlerrm, 'context', failed_context);
        if outcome.error_code = 'SQLITE_ERROR' then
          raise log 'the order of customer % failed with %: % (%)', p_customer_id, sqlstate, sqlerrm, failed_context;
        end if;
    end;
    exit;
  end loop;

  perform audit_order(
    'orders.place',
    'person',
    p_customer_id,
    case
      when outcome.order_id is not null then format('order:%s', outcome.order_id)
      else format('customer:%s', coalesce(p_customer_id::text, 'none'))
    end,
    outcome,
    jsonb_build_object(
      'requestId', left(p_request_id, 255),
      'warehouseId', warehouse_id,
      'lines', case
        -- What could not be read is kept as it was sent, as far as it helps.
        when outcome.reason = 'INVALID_INPUT' then to_jsonb(left(p_lines::text, 1000))
        else (
          select jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity) order by line)
          from parse_order_lines(p_lines)
        )
      end,
      'failure', failure
    )
  );
  return outcome;
end
$$;

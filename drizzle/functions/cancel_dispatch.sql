-- Cancels a dispatch that has not begun: true, and what was sold never leaves the warehouse. False when it has begun, is
-- over, or is not there: then the warehouse may have sent the goods out, whatever was heard of it. Locks the task; what it
-- belongs to must be locked already.
create or replace function cancel_dispatch(p_task_id text, p_reason text)
returns boolean
language plpgsql
set search_path from current
as $$
declare
  dispatch record;
  moment timestamptz;
begin
  select id, attempts, version into dispatch
  from tasks
  where task_id = p_task_id
    and kind = 'dispatch'
    -- Asked for the status itself, PostgreSQL may go through the index of all open tasks instead.
    and status || '' = 'PENDING'
    -- An attempt that was too early is taken back; all others stay counted, also when an operator retries.
    and attempts = 0
  for update;
  if not found then
    return false;
  end if;

  moment := clock_timestamp();
  update tasks set status = 'CANCELLED', due_at = null, version = version + 1 where id = dispatch.id;
  insert into task_log (task, event, attempt, version, message, at)
  values (dispatch.id, 'cancelled', dispatch.attempts, dispatch.version + 1, p_reason, moment);
  return true;
end
$$;

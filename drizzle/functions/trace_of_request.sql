-- The trace id of what a request made that brought none, 32 hexadecimal digits, so that its dispatch can be followed to the
-- warehouse's log all the same: a request id that is a UUID is its own trace, as the SDK sends it in `traceparent`. Any
-- other is hashed with its owner.
create or replace function trace_of_request(p_user_id uuid, p_request_id text)
returns text
language plpgsql
immutable
set search_path from current
as $$
begin
  return case
    when p_request_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then replace(lower(p_request_id), '-', '')
    else md5(p_user_id::text || p_request_id)
  end;
end
$$;

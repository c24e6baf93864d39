-- An exception as the caller is told of it. The text of the database itself goes to the audit log, not to the caller.
create or replace function explain_exception(p_sqlstate text, p_constraint text)
returns order_outcome
language plpgsql
immutable
set search_path from current
as $$
begin
  return case
    when p_sqlstate = '55P03' then refused_order('SQLITE_LOCKED', 'LOCK_TIMEOUT',
      'Somebody else is changing these products or this wallet right now. Please try again.')
    -- Class 23: unique, check, foreign key, not null.
    when p_sqlstate like '23%' then refused_order('SQLITE_CONSTRAINT', 'CONSTRAINT_VIOLATED',
      format('This is against a rule of the shop (%s).', coalesce(nullif(p_constraint, ''), p_sqlstate)))
    else refused_order('SQLITE_ERROR', 'INTERNAL', 'Something went wrong on our side.')
  end;
end
$$;

-- An operator looks for tasks of one kind, newest first. Nearly all tasks dispatch what was sold, so that those of another
-- kind were only found by going through all that ever were.
--
-- What is sold gets no entry in this index, and other tasks get one, when they are over: those that are not have their own.
create index tasks_over_of_rare_kinds on tasks (kind, id)
  where kind <> 'dispatch' and status in ('COMPLETED', 'CANCELLED');

-- Sessions that have ended are removed, those that ended first at first.
create index sessions_by_end on sessions (expires_at);

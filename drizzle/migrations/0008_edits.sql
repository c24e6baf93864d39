-- Two operators who change one sale or one product: the second would overwrite the first in silence. Each row counts the
-- changes that operators make, so that a change can say for which state it was made. The version of a sale cannot say so: it
-- is for viewers, and rises with every unit sold.
alter table sales add column edits bigint not null default 0;
--> statement-breakpoint
alter table products add column edits bigint not null default 0;

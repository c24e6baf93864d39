-- What `process_order`, `place_order` and `cancel_order` answer. `error_code` is null on success; docs/orders.md has the
-- table of codes.
create type order_result as (
  success boolean,
  order_id bigint,
  error_code text,
  message text
);

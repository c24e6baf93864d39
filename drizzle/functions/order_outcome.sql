-- An order_result with more for a program to go by: `reason` tells refusals of one code apart, and `problems` lists the
-- products that an order failed for, as
-- [{"productId": 1, "productName": "Lamp", "lines": [1, 3], "requested": 5, "available": 3}].
create type order_outcome as (
  success boolean,
  order_id bigint,
  error_code text,
  message text,
  reason text,
  problems jsonb,
  amount_cents bigint
);

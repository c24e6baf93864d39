-- Goods that come in are answered with the units that the warehouse then holds. A request that is sent again gets the same
-- answer, so the number has to be kept: what the inventory holds by then is another one.
--
-- Null in receipts that nobody asked for, such as those of a sale, and in those from before this column was there.
alter table receipts
  add column units_after integer,
  add constraint receipts_counted_in check (units_after >= units);

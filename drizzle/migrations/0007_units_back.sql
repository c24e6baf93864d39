-- An order says of its units whether they are out of the inventory, and no longer that they were once. So those whose units
-- went back say so: with the money, or later, when the warehouse refused what only the money had been given back for.
update orders
set inventory_updated = false
where inventory_updated
  and (
    exists (select from order_refunds where order_refunds.order_id = orders.id and units_returned)
    or exists (select from receipts where on_hand_already and fingerprint = 'order=' || orders.id)
  );

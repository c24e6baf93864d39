-- A key takes 16 bytes, however long it is: a caller may choose one of 255 characters, and it stood in the row and in an
-- index. What it was is not needed, only whether it is the same. UUIDs, which ours are, stay as they are; everything else is
-- hashed with its buyer into a UUID of version 8 (`server/purchases/stored-key.ts` does the same, and no other UUID has that
-- version). So every key that was answered before is answered again.
--
-- The table is written anew, which takes about a minute for five million rows.
alter table purchase_attempts drop column fingerprint;
--> statement-breakpoint
alter table purchase_attempts alter column idempotency_key type uuid using (
  case
    when idempotency_key ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-79a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$' then idempotency_key::uuid
    else overlay(
      encode(substr(sha256(convert_to(user_id || ' ' || idempotency_key, 'UTF8')), 1, 16), 'hex') placing '8' from 13 for 1
    )::uuid
  end
);

#!/bin/sh
# Run once by the image of PostgreSQL, in an empty volume: the warehouse's own database user, which makes its schema.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=password="$WAREHOUSE_PASSWORD" <<'SQL'
create role warehouse login password :'password';
grant create on database doorbuster to warehouse;
SQL

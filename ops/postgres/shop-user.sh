#!/bin/sh
# Run once by the image of PostgreSQL, in an empty volume: the shop's own database user. Its rights in the store are given by
# the service "migrate", which owns the store.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=password="$SHOP_PASSWORD" <<'SQL'
create role doorbuster_server login password :'password';
SQL

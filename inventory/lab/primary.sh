#!/bin/sh
# db-1: the primary of the service "orders", archiving its WAL to repo-1.
set -eu

cat >/etc/pgbackrest.conf <<END
[global]
repo1-host=repo-1
repo1-host-user=postgres
log-level-console=warn
log-level-file=off

[orders]
pg1-path=/var/lib/postgresql/15/main
END

[ -d /var/lib/postgresql/15/main ] || pg_createcluster --start-conf=auto 15 main -- --data-checksums >/dev/null
cat >/etc/postgresql/15/main/conf.d/lab.conf <<END
listen_addresses = '*'
archive_mode = on
archive_command = 'pgbackrest --stanza=orders archive-push %p'
archive_timeout = 1s
max_wal_size = 256MB
END
cat >/etc/postgresql/15/main/pg_hba.conf <<END
local  all     postgres                peer
local  all     all                     peer
host   orders  app      $LAB_NETWORK   trust
host   all     postgres 127.0.0.1/32   reject
END
# PostgreSQL 15 heeds archive_timeout only from the first checkpoint after a start on, minutes later.
install -d /etc/systemd/system/postgresql@15-main.service.d
cat >/etc/systemd/system/postgresql@15-main.service.d/archive.conf <<END
[Service]
ExecStartPost=/usr/sbin/runuser -u postgres -- psql -X -q -c checkpoint
END
systemctl enable --quiet postgresql.service
systemctl start postgresql@15-main.service

as_postgres() { runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 "$@"; }
exists=$(as_postgres -Atc "select 1 from pg_database where datname = 'orders'")
if [ "$exists" != 1 ]; then
  as_postgres -c 'create role app login'
  as_postgres -c 'create database orders owner app'
fi
as_postgres -d orders <<'END'
set role app;
create table if not exists orders (
  id bigint generated always as identity primary key,
  customer integer not null,
  item text not null,
  amount numeric(10, 2) not null check (amount > 0),
  created_at timestamptz not null default clock_timestamp()
);
create index if not exists orders_created_at on orders (created_at);
insert into orders (customer, item, amount, created_at)
select 1 + n % 4999, 'item ' || n % 97, 1 + n % 300, now() - interval '1 second' * (50000 - n)
from generate_series(1, 50000) n
where not exists (select from orders);
END

# A shop is never quite still: an order now and then, so that the age of the newest one tells something.
cat >/etc/systemd/system/shop.service <<'END'
[Unit]
Description=An order every twenty seconds
After=postgresql@15-main.service
[Service]
User=postgres
ExecStart=/bin/sh -c 'while sleep 20; do psql -X -q -d orders -c "insert into orders (customer, item, amount) select 1, max(item), 1 from orders where id < 10"; done'
Restart=always
RestartSec=5
[Install]
WantedBy=multi-user.target
END
systemctl enable --quiet --now shop.service

#!/bin/sh
# repo-1: keeps the backups and the archived WAL; fetches from db-1 by SSH.
set -eu
install -d -o postgres -g postgres -m 750 /var/lib/pgbackrest
cat >/etc/pgbackrest.conf <<END
[global]
repo1-path=/var/lib/pgbackrest
repo1-retention-full=4
start-fast=y
compress-type=gz
compress-level=1
log-level-console=warn
log-level-file=off

[orders]
pg1-host=db-1
pg1-host-user=postgres
pg1-path=/var/lib/postgresql/15/main
END

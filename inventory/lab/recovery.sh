#!/bin/sh
# dr-1: an empty host on which the service can be recovered. It has PostgreSQL, its configuration
# and the way to the repository, and no data.
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

# The configuration that a recovered copy is to be started with. It never archives: a copy that
# wrote into the archive of what it is a copy of would spoil the next restore.
install -d -o postgres -g postgres /etc/postgresql/15/main /etc/postgresql/15/main/conf.d
cat >/etc/postgresql/15/main/postgresql.conf <<END
listen_addresses = '*'
port = 5432
unix_socket_directories = '/var/run/postgresql'
archive_mode = off
hba_file = '/etc/postgresql/15/main/pg_hba.conf'
ident_file = '/etc/postgresql/15/main/pg_ident.conf'
END
cat >/etc/postgresql/15/main/pg_hba.conf <<END
local  all     postgres                peer
local  all     all                     peer
host   orders  app      $LAB_NETWORK   trust
END
: >/etc/postgresql/15/main/pg_ident.conf
echo manual >/etc/postgresql/15/main/start.conf # nothing to start at boot
chown -R postgres:postgres /etc/postgresql/15

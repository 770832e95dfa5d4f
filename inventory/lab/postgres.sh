#!/bin/sh
# Every node with PostgreSQL or pgBackRest: they reach one another by SSH as postgres.
set -eu
home=/var/lib/postgresql
install -d -o postgres -g postgres -m 700 $home/.ssh
install -o postgres -g postgres -m 600 service_key $home/.ssh/id_ed25519
install -o postgres -g postgres -m 600 service_key.pub $home/.ssh/authorized_keys
install -d -o postgres -g postgres -m 770 /var/log/pgbackrest

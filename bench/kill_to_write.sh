#!/bin/sh
# From the death of the primary to the clients' first write on the recovered database: through Muster, and by
# the same commands typed by hand (a script that does not pause to think, probe, prove or record).
# Command, as root, with the lab up: bench/kill_to_write.sh MUSTER. Resets the lab before each.
set -eu
muster=$1
lab=/var/lib/muster-lab/orders
on() { ssh -n -F "$lab/ssh_config" "$@"; }
now() { date +%s%N; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$muster" lab reset >/dev/null
start=$(now)
"$muster" lab power down db-1 >/dev/null
on dr-1 sudo install -d -m 700 -o postgres -g postgres /var/lib/postgresql/15/hand
on dr-1 sudo runuser -u postgres -- pgbackrest --stanza=orders --pg1-path=/var/lib/postgresql/15/hand --archive-mode=off restore >/dev/null
on dr-1 "sudo runuser -u postgres -- /usr/lib/postgresql/15/bin/pg_ctl -D /var/lib/postgresql/15/hand -w -t 120 -l /tmp/hand.log -o '-c config_file=/etc/postgresql/15/main/postgresql.conf' start" >/dev/null
until [ "$(on dr-1 sudo runuser -u postgres -- psql -XAtqc "'select pg_is_in_recovery()'" 2>/dev/null)" = f ]; do sleep 0.1; done
on lb-1 sudo /usr/local/sbin/switch-orders 10.231.77.31 >/dev/null
until psql -X -q "host=10.231.77.40 dbname=orders user=app connect_timeout=1" \
  -c "insert into orders (customer, item, amount) values (1, 'hand', 1)" >/dev/null 2>&1; do sleep 0.05; done
by_hand=$((($(now) - start) / 1000000))

"$muster" lab reset >/dev/null
cp -r drills playbooks inventory "$dir/"
sed -i 's/with: {/with: {decide_within: 1s, /' "$dir/drills/lab-orders-primary-loss.yaml"
MUSTER_STATE="$dir/state" "$muster" -C "$dir" run lab-orders-primary-loss --no-input >"$dir/out" || { cat "$dir/out"; exit 1; }
span=$(sed -n 's/.*orders: recovery time (RTO) *\([0-9.]* s to [0-9.]* s\).*/\1/p' "$dir/out")
high=$(printf '%s' "$span" | sed 's/.* to \([0-9.]*\) s/\1/')
printf 'kill to first write: through Muster %s (of which 1 s waits for a person), by hand %d.%01d s, ratio %s\n' "$span" \
  $((by_hand / 1000)) $((by_hand % 1000 / 100)) "$(awk "BEGIN{printf \"%.2f\", $high * 1000 / $by_hand}")"
"$muster" lab reset >/dev/null

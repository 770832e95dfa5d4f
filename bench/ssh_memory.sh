#!/bin/sh
# What a fleet costs in memory: sessions to HOSTS hosts, all open at once, each after `true`; and, in the same run,
# OpenSSH's client: one of its processes a host. The hosts are simulated by one process (bench/ssh_hosts.py), since
# so many real sshd would take more memory than what is measured.
# Command: bench/ssh_memory.sh build/release/bench/bench_ssh_fanout [HOSTS]   HOSTS: 5000
# Needs python3-asyncssh, openssh-client, `ulimit -n` 16384.
set -eu
bench=$(readlink -f "$1")
hosts=${2:-5000}
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC3045 # dash, bash and busybox know it
ulimit -n 16384 2>/dev/null || ulimit -n "$(ulimit -Hn)"
dir=$(mktemp -d)
server='' clients=''
cleanup() {
  # shellcheck disable=SC2086 # words are wanted
  kill $clients $server 2>/dev/null || :
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

port=${PORT:-22023}
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
/usr/bin/python3 "$here/ssh_hosts.py" "$port" "$dir/host" "$dir/key.pub" >"$dir/log" 2>&1 &
server=$!
n=0
until grep -q listening "$dir/log"; do
  n=$((n + 1))
  [ "$n" -lt 100 ] || { cat "$dir/log"; exit 1; }
  sleep 0.1
done
printf '[127.*]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known_hosts"
awk -v n="$hosts" 'BEGIN { for (i = 0; i < n; i++) printf "127.1.%d.%d\n", i / 250, i % 250 + 1 }' >"$dir/hosts"

HOLD=yes LOGIN=$(id -un) "$bench" "$port" "$dir/key" "$dir/known_hosts" "${AT_ONCE:-64}" <"$dir/hosts" >"$dir/figures" ||
  { cat "$dir/figures"; exit 1; }
read -r n wall cpu mb kb failed <"$dir/figures"

# The peer: ten of OpenSSH's clients, each with its connection open (`-N` asks for nothing more).
for last in 1 2 3 4 5 6 7 8 9 10; do
  ssh -F none -N -p "$port" -i "$dir/key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$dir/known_hosts" -o BatchMode=yes \
    -o LogLevel=ERROR "127.9.0.$last" </dev/null &
  clients="$clients $!"
done
sleep 3
peer=$(for pid in $clients; do awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup"; done | awk '{ kb += $1 } END { print kb / NR }')
printf '%s\n' "$n $wall $cpu $mb $kb $failed $peer" | awk '{
  printf "%d sessions held open: %.0f MB at the peak, %.0f KB a host (%.1f of them libssh2), %.1f s, client CPU %.1f ms a host, %d failed\n", $1, $4, $4 * 1024 / $1, $5, $2, $3, $6
  printf "openssh: %.0f KB a host (PSS of ten); ratio %.2f\n", $7, $4 * 1024 / $1 / $7 }'

#!/bin/sh
# A server with many schedules: how late drills start, and what it costs when nothing is due.
# Command: bench/serve.sh MUSTER [SCHEDULES]   SCHEDULES: 10000, of which 20 are due at the next full minute.
# Peer in the same run: `sleep` of coreutils until the same minute, 20 at once: the limit of a timer on this machine.
set -eu
muster=$(readlink -f "$1")
many=${2:-10000}
dir=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  [ -z "$server" ] || wait "$server" 2>/dev/null || :
  rm -rf "$dir"
}
trap cleanup EXIT
export MUSTER_STATE="$dir/state"
mkdir -p "$dir/w/drills" "$dir/w/inventory"
printf 'all:\n  hosts:\n    here: {muster_connection: local, muster_environment: lab}\n' >"$dir/w/inventory/hosts.yaml"
echo 'people: {ana: {name: Ana, unix: root}}' >"$dir/w/inventory/people.yaml"
drill() { # drill NAME SCHEDULE
  printf 'drill: %s\nowner: ana\nschedule: {%s, timezone: Europe/Berlin}\nsteps:\n  - tell: "on the air"\n' "$1" "$2" >"$dir/w/drills/$1.yaml"
}
i=0
while [ "$i" -lt $((many - 20)) ]; do
  drill "far-$i" "every: quarter, day: 2nd tuesday, at: \"1$((i % 10)):$((i % 50 + 10))\""
  i=$((i + 1))
done
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$server/stat"; }
began=$(date +%s%N)
"$muster" -C "$dir/w" serve --at-once 64 >"$dir/out" 2>&1 &
server=$!
until grep -q Serving "$dir/out"; do sleep 0.1; kill -0 "$server"; done
printf 'ready with %d schedules after %d ms\n' $((many - 20)) $((($(date +%s%N) - began) / 1000000))
sleep 10
before=$(ticks)
sleep 60
printf 'idle: %s ms of CPU a minute, %s MB resident\n' "$((($(ticks) - before) * 1000 / $(getconf CLK_TCK)))" \
  "$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")"
at=$((($(date +%s) / 60 + 2) * 60))
i=0
while [ "$i" -lt 20 ]; do
  drill "near-$i" "cron: \"$(TZ=Europe/Berlin date -d "@$at" '+%-M %-H') * * *\""
  i=$((i + 1))
done
i=0
while [ "$i" -lt 20 ]; do
  (sleep "$(echo "$(date +%s.%N) $at" | awk '{ printf "%.6f", $2 - $1 }')" && echo "$(date +%s%N) $at" | awk '{ print $1 / 1000000 - $2 * 1000 }') >>"$dir/sleepers" &
  i=$((i + 1))
done
until [ "$(grep -c ': run .* ended' "$dir/out")" -ge 20 ]; do
  sleep 1
  [ "$(date +%s)" -lt $((at + 120)) ] || { echo "not all were started"; tail "$dir/out"; exit 1; }
done
"$muster" -C "$dir/w" audit log workspace --json | python3 -c '
import json, sys, datetime
late = []
for line in sys.stdin:
    e = json.loads(line)
    e = e.get("entry", e)
    if e["action"] != "schedule.started": continue
    t = lambda s: datetime.datetime.fromisoformat(s.replace("Z", "+00:00"))
    late.append((t(e["ts"]) - t(e["data"]["planned"])).total_seconds() * 1000)
late.sort()
peer = sorted(float(x) for x in open(sys.argv[1]))
middle = lambda a: a[len(a) // 2]
print("start lateness of %d at once: median %.0f ms, most %.0f ms; sleep(1): median %.0f ms, most %.0f ms; ratio of the most %.1f"
      % (len(late), middle(late), late[-1], middle(peer), peer[-1], late[-1] / max(peer[-1], 0.001)))' "$dir/sleepers"

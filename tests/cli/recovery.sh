#!/bin/sh
# recovery.sh MUSTER: the controller dies, hangs, loses its disk, comes back as an old copy; by the very binary that
# users run, with this machine as the one host, in namespaces of its own. Needs root, or is counted as skipped.
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"
sleep 612.5 &
sleeper=$!

cat >"$W/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here: {muster_connection: local, muster_environment: lab}
END
echo 'people: {ana: {name: Ana, unix: root}}' >"$W/inventory/people.yaml"
cat >"$W/drills/pause.yaml" <<'END'
drill: pause
owner: ana
targets: {it: here}
steps:
  - inject: process.pause
    target: it
    with: {command: "sleep 612.5"}
  - pause: 10m
END
drill_note note

stopped() { grep -q '^State:.T' "/proc/$sleeper/status"; }
runs() { ! stopped; }
start() { # start DRILL: until its fault is active
  : >/tmp/out # else what the last one said is taken for this one's
  /mnt/muster -C "$W" run --no-input "$1" >/tmp/out 2>&1 &
  PID=$!
  await 30 grep -qF 'ACTIVE, proven' /tmp/out
  RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' /tmp/out)
}
kill_run() {
  kill -KILL "$PID"
  wait "$PID" 2>/dev/null || :
}

echo "== a run is live: it is named to others, and a sweep leaves it alone"
start pause
stopped || fail "the fault is not there"
code 5 muster run --no-input pause
says "run $RUN of pause"
code 1 muster sweep
says "here: process.pause active"
says "LEASED for"
code 2 muster sweep --revert
says "say --yes"
code 1 muster sweep --revert --yes
says "here: kept: process.pause"
stopped || fail "a live run's fault was swept"

echo "== it hangs: abort says so, at once, and the healer mends it"
kill -STOP "$PID"
code 1 muster abort
says "it does not answer: pid $PID"
says "run $RUN of pause"
await 30 runs
kill_run

echo "== it is dead: abort brings it to its end"
code 0 muster abort
says "Run $RUN of pause has no process any more"
says "RECOVERED 1 run: found 1, healed 1, held 0, unreachable 0"
muster runs | grep -F "$RUN" | grep -qF 'ABORTED       clean' || fail "it is not brought to its end"
code 1 muster abort "$RUN"
says "is over: ABORTED, clean"
code 0 muster sweep
says "here: nothing"

echo "== the store is rolled back to an old copy: nothing is done again"
start note
cp -a /tmp/state /tmp/old
muster abort >/dev/null
wait "$PID" || :
[ "$(cat /tmp/log)" = "do
undo" ] || fail "the drill did not do and undo"
mv /tmp/state /tmp/new
mv /tmp/old /tmp/state
code 6 muster recover
says "RECOVERED 1 run: found 1, healed 0, held 0, unreachable 0, not proven undone 1"
says "the target remembers nothing of it"
[ "$(wc -l </tmp/log)" = 2 ] || fail "an undo was done again"
rm -rf /tmp/state
mv /tmp/new /tmp/state

echo "== the controller's disk is lost: a sweep with no store"
start pause
kill_run
rm -rf /tmp/state
await 30 runs
code 1 muster sweep --revert --yes
says "here: healed: process.pause"
says "here: kept: the lock of run $RUN"
says "this sweep is not recorded: there is no store here"
code 2 muster sweep --revert --yes --force
says "it needs --revert and --reason"
code 0 muster sweep --revert --yes --force --reason "its disk is lost"
code 0 muster sweep --json
says '"found": 0'
[ -z "$(find /run/muster -mindepth 1 ! -path '/run/muster/life*' ! -path '/run/muster/witness*' ! -path /run/muster/run ! -path /run/muster/effect)" ] ||
  fail "something is left"
[ ! -e /tmp/state ] || fail "a sweep makes no store"

echo "== where there is a store, a sweep is recorded"
start pause
kill_run
await 30 runs
code 1 muster sweep here --revert --yes
muster audit log workspace --json >/tmp/second
[ "$(grep -cF '"action":"sweep"' /tmp/second)" = 2 ] || fail "the sweep is not recorded, before and after"
code 6 muster recover
says "rebooted, or swept?"
echo "all as expected"

#!/bin/sh
# recovery.sh MUSTER: the controller dies, hangs, loses its disk, comes back as an old copy; by the very binary that
# users run, with this machine as the one host, in namespaces of its own. Needs root, or is counted as skipped.
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"
sleep 612.5 &
sleeper=$!

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

cat >"$W/drills/stuck.yaml" <<'END'
drill: stuck
owner: ana
targets: {it: here}
steps:
  - run: [sh, -c, "echo do >>/tmp/log"]
    undo: [test, -e, /tmp/what-somebody-removed]
    target: it
  - pause: 10m
END

stopped() { grep -q '^State:.T' "/proc/$sleeper/status"; }
runs() { ! stopped; }

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
mkdir /run/muster/effect/-rf
code 1 muster sweep
says "here: /run/muster/effect/-rf: stands among the effects, and is none by its name"
rmdir /run/muster/effect/-rf

echo "== where there is a store, a sweep is recorded"
start pause
kill_run
await 30 runs
code 1 muster sweep here --revert --yes
muster audit log workspace --json >/tmp/second
[ "$(grep -cF '"action":"sweep"' /tmp/second)" = 2 ] || fail "the sweep is not recorded, before and after"
code 6 muster recover
says "rebooted, or swept?"

echo "== what can never be proven ends by the word of who has looked"
code 2 muster recover --mended here
says "owes a reason"
code 2 muster recover --mended nowhere --reason "it runs"
says "has a host 'nowhere'"
code 0 muster recover --mended here --reason "it runs, I looked"
says "found 1, healed 0, held 0, unreachable 0, mended by hand 1"
says "process.pause on here was mended by hand (it runs, I looked): Muster has not proven it undone"
grep -qF "unix:root answers for what is left on here: it runs, I looked" "$W/reports/pause/$RUN/report.html" ||
  fail "the report does not say who answers for it"
start stuck
kill -INT "$PID"
await 30 grep -qF "Stopping: everything is reverted first" /tmp/out
kill -INT "$PID"
got=0
wait "$PID" || got=$?
[ "$got" = 6 ] || fail "it ended with $got, expected 6"
says "muster recover --mended here --reason WHY" /tmp/out
code 0 muster recover --mended here --reason "its file is back"
says "command on here was mended by hand (its file is back)"
code 0 muster sweep
says "here: nothing"
code 0 muster recover
says "Nothing to recover"

fresh() { # fresh: a workspace whose record begins, and a host of which nothing is known
  muster sweep --revert --yes --force --reason "another scene" >/tmp/second 2>&1 || fail "the host is not swept"
  rm -rf /tmp/state
  : >/tmp/log
}
store() { sqlite3 "$(find /tmp/state -name store.db)" "$@"; }

echo "== the store is deleted under a run: it heals, and says where what is left is seen"
fresh
start note
rm -rf /tmp/state
kill -TERM "$PID"
ends 6
says "the record of this run is incomplete" /tmp/out
# shellcheck disable=SC2016 # a message's quotes
says '`muster sweep` shows what is left on the hosts' /tmp/out
await 30 grep -qx undo /tmp/log
code 0 muster recover
says "no run is recorded in /tmp/state"
says "muster sweep"

echo "== nothing to recover, and something is held on purpose"
fresh
cat >"$W/drills/held.yaml" <<'END'
drill: held
owner: ana
targets: {it: here}
steps:
  - {name: The old one goes, run: [touch, /tmp/old], target: it, undo: [rm, -f, /tmp/old]}
  - {name: The new one serves, run: [touch, /tmp/new], target: it, no_return: true}
END
code 3 muster run --no-input held
code 0 muster recover
says "Nothing to recover"
says "command on here is held: a no-return step came after it"
says '"The new one serves" was done and is not undone'
[ -e /tmp/old ] || fail "what is held was undone"
code 0 muster recover --json
says '"found": 0'

echo "== a run whose record is damaged for good: nothing new on top of it, but with --allow-dirty"
fresh
printf 'drill: talk\nowner: ana\nsteps: [{check: {command: ["true"]}}]\n' >"$W/drills/talk.yaml"
start note
kill_run
store "DROP TRIGGER blobs_stay; DELETE FROM blobs"
code 6 muster run --no-input talk
says "run $RUN of note was not brought to its end: the blob"
# shellcheck disable=SC2016 # a message's quotes
says '`muster audit verify` tells what is wrong with its record'
says "nothing new is begun on top of it"
says "muster recover --lost $RUN --reason WHY"
code 0 muster run --no-input --allow-dirty talk
code 6 muster recover
says "found 1, healed 0, held 0, unreachable 0, not proven undone 1"
says "not proven undone: command on here (run $RUN): the run's record cannot be read"
says "\`muster recover --lost $RUN --reason WHY\` ends that run on your word"
code 6 muster recover --json
says "\"$RUN\""
code 2 muster recover --lost "$RUN"
says "who ends a run by their word owes a reason"
code 2 muster recover --lost "$RUN" --gone here --reason "it is gone"
says "one at a time"
code 2 muster recover --lost 1999 --reason "I looked"
says "there is no run '1999'"
code 0 muster recover --lost "$RUN" --reason "I looked: nothing is left"
says "CLOSED run $RUN of note, as changed, on your word. Its record cannot be read: the blob"
says "not proven undone by what can be read of it: command on here"
code 2 muster recover --lost "$RUN" --reason "once more"
says "was brought to its end"
code 0 muster audit log workspace
says "I looked: nothing is left"
muster runs | grep -F "$RUN" | grep -qF 'INVALID       changed' || fail "it is not closed on somebody's word"
code 0 muster recover
says "run $RUN of note: the blob"
says "is not in the store; I looked: nothing is left"
code 1 muster show "$RUN"
says "it was closed as INVALID, changed, on the word of unix:root, $(date -u +%Y-%m-%d): I looked: nothing is left"
code 0 muster run --no-input talk
code 1 muster audit verify
says "$RUN"

echo "== only the samples of a run are damaged: what it left is undone all the same"
fresh
cat >"$W/drills/seen.yaml" <<'END'
drill: seen
owner: ana
targets: {it: here}
services: {door: {command: ["true"], every: 200ms, up: 99% over 1s, warm_up: 2s}}
steps:
  - {run: [sh, -c, "echo do >>/tmp/log"], undo: [sh, -c, "echo undo >>/tmp/log"], target: it}
  - pause: 10m
END
start seen
samples="SELECT json_extract(CAST(entry AS TEXT), '$.data.blob') FROM entries
  WHERE json_extract(CAST(entry AS TEXT), '$.action') = 'samples.sealed'"
sealed() { muster audit log "$RUN" --json | grep -qF samples.sealed; }
await 30 sealed
kill_run
code 2 muster recover --lost "$RUN" --reason "I looked"
says "the record of run $RUN of seen can be read"
store "DROP TRIGGER blobs_stay; DELETE FROM blobs WHERE digest IN ($samples)"
code 0 muster recover
says "RECOVERED 1 run: found 1, healed 1, held 0, unreachable 0"
says "No report of run $RUN: the blob"
[ "$(cat /tmp/log)" = "do
undo" ] || fail "it is not undone, or more than once"
muster runs | grep -F "$RUN" | grep -qF 'ABORTED       clean' || fail "it is not brought to its end"

echo "== the record's disk is full, or read-only: nothing is begun"
fresh
mkdir /tmp/state
mount -t tmpfs -o size=2m tmpfs /tmp/state
code 0 muster sweep --revert --yes --force --reason "a store is made"
code 0 muster audit key new
dd if=/dev/zero of=/tmp/state/fill bs=1k 2>/dev/null || :
code 5 muster run --no-input note
says "nothing was begun: "
says "Make room in /tmp/state"
rm /tmp/state/fill
mount -o remount,ro /tmp/state
code 5 muster run --no-input note
says "nothing was begun: "
says "Read-only file system"
says "MUSTER_STATE"
[ ! -s /tmp/log ] || fail "something was begun"
mount -o remount,rw /tmp/state
code 0 muster runs
! grep -qF note /tmp/second || fail "a run is recorded that was not begun"
echo "all as expected"

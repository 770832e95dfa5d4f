#!/bin/sh
# stopped.sh MUSTER: whoever stops what goes on stops what waits for it, too: a recovery that a drill waits for, a drill
# after which another one is due. In namespaces of its own. Needs root, or is counted as skipped.
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"

drill() { # drill NAME UNDO PAUSE
  cat >"$W/drills/$1.yaml" <<END
drill: $1
owner: ana
targets: {it: here}
steps:
  - {name: Harm, run: [sh, -c, "echo harm-$1 >>/tmp/log"], undo: [sh, -c, "$2; echo undo-$1 >>/tmp/log"], target: it}
  - pause: $3
  - {name: It answers, check: {command: ["true"], on_host: it}}
END
}
drill slow "sleep 3" 10m
drill harm "true" 1s
run() { /mnt/muster -C "$W" "$@" >/tmp/out 2>&1 </dev/null; }
harmed() { grep -qx "harm-$1" /tmp/log; }
either() { harmed a || harmed b; }
begins_to_undo() { grep -qF 'being undone' /tmp/out; }

# died: a run of `slow`, whose process is killed with its fault in effect.
died() {
  : >/tmp/log
  start slow
  kill_run
}

for signal in INT TERM; do
  echo "== $signal while an earlier run is brought to its end: the drill that waits is not begun"
  died
  : >/tmp/out
  setsid /mnt/muster -C "$W" run --no-input harm >/tmp/out 2>&1 </dev/null &
  PID=$!
  await 20 begins_to_undo
  kill -"$signal" "$PID"
  ends 5
  says "stopped before it was begun" /tmp/out
  ! harmed harm || fail "the fault was injected all the same"
  grep -qx undo-slow /tmp/log || fail "the earlier run was not undone"
done

echo "== muster abort at that moment does the same"
died
: >/tmp/out
/mnt/muster -C "$W" run --no-input harm >/tmp/out 2>&1 </dev/null &
PID=$!
await 20 begins_to_undo
/mnt/muster -C "$W" abort --reason "a real incident" >/tmp/second 2>&1 || :
ends 5
! harmed harm || fail "the fault was injected all the same"

echo "== with nobody to hear it, a drill and a recovery work as well"
died
/mnt/muster -C "$W" recover >/dev/null 2>&1 || fail "recover ends with $?"
/mnt/muster -C "$W" run --no-input harm >/dev/null 2>&1 || fail "run ends with $?"
harmed harm || fail "nothing was injected"

echo "== recover that is stopped at the first of two runs: the second waits, and that is said"
printf 'drill: idle\nowner: ana\nsteps: [{check: {command: ["true"]}}, {pause: 10m}]\n' >"$W/drills/idle.yaml"
: >/tmp/log
: >/tmp/out
/mnt/muster -C "$W" serve >/tmp/out 2>&1 </dev/null &
PID=$!
await 30 grep -qF "Serving $W" /tmp/out
for name in slow idle; do
  /mnt/muster -C "$W" run --no-input "$name" >"/tmp/$name" 2>&1 </dev/null &
  await 20 grep -qF "in the server" "/tmp/$name"
done
await 20 grep -qF 'ACTIVE, proven' /tmp/slow
kill -KILL "$PID"
wait || :
: >/tmp/out
setsid /mnt/muster -C "$W" recover >/tmp/out 2>&1 </dev/null &
PID=$!
await 20 begins_to_undo
kill -TERM "$PID"
ends 6
grep -qx undo-slow /tmp/log || fail "the first run was not undone"
# shellcheck disable=SC2016 # a message's quotes
says 'of idle: stopped before it was its turn; `muster recover` goes on' /tmp/out
code 0 muster runs
grep -F idle /tmp/second | grep -qF DIED || fail "the second was brought to its end all the same"
code 0 muster recover
says "RECOVERED 1 run: found 0"

echo "== due --run: what a dead process left comes first; who stops a drill does not want the next one"
rm "$W"/drills/*
for name in a b; do
  drill "$name" true 10m
  echo 'schedule: {cron: "* * * * *", timezone: UTC, freeze: none}' >>"$W/drills/$name.yaml"
done
run due --run || fail "due --run ends with $?: $(cat /tmp/out)"
drill slow "sleep 1" 10m
died
both_due() { muster due >/tmp/second 2>&1 && [ "$(grep -c -e 'would start now' -e 'would wait' /tmp/second)" -ge 1 ]; }
await 90 both_due
says "it would be recovered first"

echo "== due --run that is stopped while an earlier run is brought to its end: nothing is started"
: >/tmp/out
setsid /mnt/muster -C "$W" due --run >/tmp/out 2>&1 </dev/null &
PID=$!
await 20 begins_to_undo
kill -TERM "$PID"
ends 5
says "and what is due is not begun" /tmp/out
says "What is due waits for the next time" /tmp/out
grep -qx undo-slow /tmp/log || fail "the earlier run was not undone"
! either || fail "a drill was begun all the same"
code 0 muster audit log workspace --json
says "what is due is not begun: the process was told to end (SIGTERM)"
died
: >/tmp/out
/mnt/muster -C "$W" due --run >/tmp/out 2>&1 </dev/null &
PID=$!
await 30 either
grep -qx undo-slow /tmp/log || fail "a drill was begun on top of what a dead process left"
kill -TERM "$PID"
ends 5
says "nothing else is started now" /tmp/out
! harmed a || ! harmed b || fail "the next drill was begun all the same"

echo "== due --run on top of what is not proven undone: what is due waits, and that is said"
drill slow "[ -e /tmp/may ] || exit 1" 10m
died
: >/tmp/out
/mnt/muster -C "$W" due --run >/tmp/out 2>&1 </dev/null &
PID=$!
await 20 begins_to_undo
sleep 1
kill -INT "$PID"
await 20 grep -qF 'Ctrl-C once more' /tmp/out
kill -INT "$PID"
ends 6
code 0 muster due
says "left something that is not proven undone: it would be recovered first"
says "is due, and would wait: "
! either || fail "a drill was begun all the same"
: >/tmp/may
muster sweep --revert --yes --force --reason "so that it can never be proven" >/tmp/second 2>&1 || fail "it is not swept"
code 6 muster due --run
says "nothing is started on top of what an earlier run left: what is due waits"
says "is due, and waits: "
! either || fail "a drill was begun all the same"
echo "all as expected"

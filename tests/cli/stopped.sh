#!/bin/sh
# stopped.sh MUSTER: whoever stops what goes on stops what waits for it, too: a recovery that a drill waits for, a drill
# after which another one is due. In namespaces of its own. Needs root, or is counted as skipped.
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"

cat >"$W/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here: {muster_connection: local, muster_environment: lab}
END
echo 'people: {ana: {name: Ana, unix: root}}' >"$W/inventory/people.yaml"
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
begins_to_undo() { grep -qF 'being undone' /tmp/out; }

# died: a run of `slow`, whose process is killed with its fault in effect.
died() {
  : >/tmp/log
  : >/tmp/out
  /mnt/muster -C "$W" run --no-input slow >/tmp/out 2>&1 </dev/null &
  PID=$!
  await 20 harmed slow
  await 20 grep -qF 'ACTIVE, proven' /tmp/out
  kill -KILL "$PID"
  wait "$PID" 2>/dev/null || :
}

for signal in INT TERM; do
  echo "== $signal while an earlier run is brought to its end: the drill that waits is not begun"
  died
  : >/tmp/out
  setsid /mnt/muster -C "$W" run --no-input harm >/tmp/out 2>&1 </dev/null &
  PID=$!
  await 20 begins_to_undo
  kill -"$signal" "$PID"
  rc=0
  wait "$PID" || rc=$?
  [ "$rc" = 5 ] || fail "it ends with $rc: $(cat /tmp/out)"
  grep -qF "stopped before it was begun" /tmp/out || fail "it does not say so: $(cat /tmp/out)"
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
rc=0
wait "$PID" || rc=$?
[ "$rc" = 5 ] || fail "it ends with $rc: $(cat /tmp/out)"
! harmed harm || fail "the fault was injected all the same"

echo "== with nobody to hear it, a drill and a recovery work as well"
died
/mnt/muster -C "$W" recover >/dev/null 2>&1 || fail "recover ends with $?"
/mnt/muster -C "$W" run --no-input harm >/dev/null 2>&1 || fail "run ends with $?"
harmed harm || fail "nothing was injected"

echo "== due --run: what a dead process left comes first; who stops a drill does not want the next one"
rm "$W"/drills/*
for name in a b; do
  drill "$name" true 10m
  echo 'schedule: {cron: "* * * * *", timezone: UTC, freeze: none}' >>"$W/drills/$name.yaml"
done
run due --run || fail "due --run ends with $?: $(cat /tmp/out)"
drill slow "sleep 1" 10m
died
both_due() { muster due >/tmp/second 2>&1 && [ "$(grep -c 'would start now' /tmp/second)" -ge 1 ]; }
await 90 both_due
: >/tmp/out
/mnt/muster -C "$W" due --run >/tmp/out 2>&1 </dev/null &
PID=$!
either() { harmed a || harmed b; }
await 30 either
grep -qx undo-slow /tmp/log || fail "a drill was begun on top of what a dead process left"
kill -TERM "$PID"
rc=0
wait "$PID" || rc=$?
[ "$rc" = 5 ] || fail "due --run ends with $rc: $(cat /tmp/out)"
grep -qF "nothing else is started now" /tmp/out || fail "it does not say so: $(cat /tmp/out)"
! harmed a || ! harmed b || fail "the next drill was begun all the same"
echo "all as expected"

#!/bin/sh
# held.sh MUSTER: who holds the record, and what is said of it: a run with nobody to watch it, a process that hangs, one
# that died, a command that has the record for a moment, a sweep that heals, another user. This machine is the one
# host, in namespaces of its own. Needs root, or is counted as skipped.
# shellcheck disable=SC2016 # the quotes of messages
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"
drill_note note
cat >"$W/drills/quick.yaml" <<'END'
drill: quick
owner: ana
targets: {it: here}
steps:
  - run: [sh, -c, "echo do >>/tmp/log"]
    undo: [sh, -c, "echo undo >>/tmp/log"]
    target: it
  - check: {command: ["true"], on_host: it}
END
lacks() { ! grep -qF -- "$1" /tmp/second || fail "said: '$1'"; }
quick() { # quick SECONDS: the last `timed` took less
  [ "$TOOK" -lt "$1" ] || fail "it took $TOOK s"
}
timed() { # timed N COMMAND…
  TOOK=$(date +%s)
  code "$@"
  TOOK=$(($(date +%s) - TOOK))
}

echo "== nobody watches: stdout and stderr lead nowhere"
got=0
/mnt/muster -C "$W" run --no-input quick >/dev/null 2>&1 </dev/null || got=$?
[ "$got" = 0 ] || fail "the drill ended with $got"
[ "$(cat /tmp/log)" = "do
undo" ] || fail "it did not do and undo"
: >/tmp/log
start note
kill_run
/mnt/muster -C "$W" recover >/dev/null 2>&1 </dev/null || fail "the recovery failed"
[ "$(cat /tmp/log)" = "do
undo" ] || fail "recover did not undo"
muster runs | grep -F "$RUN" | grep -qF 'ABORTED       clean' || fail "it is not brought to its end"

echo "== a run is alive: it is open"
start note
code 0 muster runs
grep -F "$RUN" /tmp/second | grep -qF OPEN || fail "it is not open"
lacks DIED
timed 5 muster run --no-input quick
says "run $RUN of note"
says "muster show, muster abort"
quick 3

echo "== it hangs: whoever is asked is named"
kill -STOP "$PID"
timed 1 muster abort
says "it does not answer: pid $PID"
says "kill -KILL PID"
code 1 muster show
says "pid $PID (/mnt/muster -C $W run --no-input note), which holds the store, gave no answer"
says "muster abort"

echo "== it died: no process runs it any more"
kill_run
code 0 muster runs
grep -F "$RUN" /tmp/second | grep -qF DIED || fail "it is not said to have died"
code 0 muster runs --result died --json
says "\"run\":\"$RUN\""
says '"died":true'
code 0 muster show
says 'no process runs it any more, and it was not brought to its end: `muster recover`'
says 'command on here: active when its process died'
code 1 muster step "done" it
says "run $RUN of note died: no process runs it any more"
says 'muster recover'

echo "== a dead holder is nobody: what is wrong is told, and no pid to end"
lock=$(find /tmp/state -name store.lock)
echo "pid $PID (muster run --no-input note), run $RUN of note" >"$lock"
state=$(dirname "$lock")
mount --bind "$state" "$state"
mount -o remount,ro,bind "$state"
code 1 muster abort
says "Read-only file system"
lacks KILL
lacks "$PID"
umount "$state"
if setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
  code 1 setpriv --reuid=65534 --clear-groups /mnt/muster -C "$W" abort
  says "Permission denied"
  lacks KILL
fi

echo "== another command holds it for a moment: it is waited for"
exec 9<>"$lock"
flock 9
echo "pid 77 (muster runs)" >"$lock"
(sleep 1; flock -u 9) &
timed 0 muster runs
exec 9>&-
exec 9<>"$lock"
flock 9
echo "pid 77 (muster sweep --revert)" >"$lock"
timed 1 muster abort
says "the store is held by pid 77 (muster sweep --revert)"
says "wait until it is done"
lacks KILL
[ "$TOOK" -ge 4 ] || fail "it did not wait"
echo "pid 77 (muster run --no-input note), run 20261122-211505-3f9a0c of note" >"$lock"
code 1 muster abort
says "it serves nobody, so it begins or ends just now"
lacks KILL
echo "pid 77 (muster sweep --revert)" >"$lock"
timed 5 muster run --no-input quick
says "wait until it is done"
lacks "muster show"
exec 9>&-

echo "== recovered as JSON: each line tells the run and the drill"
/mnt/muster -C "$W" recover --json >/tmp/second 2>&1 || fail "the recovery failed"
grep -F '"action":' /tmp/second >/tmp/lines
[ -s /tmp/lines ] || fail "no lines"
[ "$(grep -cF '"drill":"note"' /tmp/lines)" = "$(wc -l </tmp/lines)" ] || fail "a line without its drill"
[ "$(grep -cF "\"run\":\"$RUN\"" /tmp/lines)" = "$(wc -l </tmp/lines)" ] || fail "a line without its run"

echo "== words that are none"
code 2 muster runs --state held
says "'held' is no state: clean, changed or dirty"
code 0 muster runs --state dirty
code 2 muster sweep --revert --json
says "--yes"
lacks "[y/N]"

echo "== a sweep says what --revert would do"
start note
code 1 muster sweep
says '`--revert` would keep all of it'
lacks 'undoes it.'
kill_run
sleep 22
code 1 muster sweep
says 'Nothing was touched: `--revert` undoes it, but keeps 1 of 2: leased'
code 0 muster recover
echo "all as expected"

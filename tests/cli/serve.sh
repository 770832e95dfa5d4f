#!/bin/sh
# serve.sh MUSTER: a server that keeps to its schedules, by the very binary that users run: several drills at once, by
# schedule and by hand, files that change and break, holds, kill -9 and SIGTERM; and `due --run` without one. This
# machine is the one host, in namespaces of its own. Needs root, or is counted as skipped.
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"
talk() { # talk NAME SECONDS SCHEDULE: a drill that touches no host
  printf 'drill: %s\nowner: ana\n%ssteps:\n  - check: {command: ["true"]}\n  - pause: %ss\n' "$1" "$3" "$2" >"$W/drills/$1.yaml"
}
talk minutely 2 'schedule: {cron: "* * * * *", timezone: Europe/Berlin}
'
talk by-hand 600 ''
drill_note note

told() { grep -qF -- "$1" /tmp/out; }
serve() {
  /mnt/muster -C "$W" serve >>/tmp/out 2>&1 &
  SERVER=$!
  await 30 told "Serving $W"
}
ended() { ! kill -0 "$SERVER" 2>/dev/null; }

echo "== it serves, and says so; another one is refused"
serve
code 5 muster serve
says "muster serve"
code 5 muster due --run
says "a server keeps to the schedules"

echo "== a person starts drills in it, two at once, and follows one"
/mnt/muster -C "$W" run --no-input by-hand >/tmp/first 2>&1 &
await 20 grep -qF "in the server" /tmp/first
/mnt/muster -C "$W" run --no-input note >/tmp/third 2>&1 &
await 30 grep -qx 'do' /tmp/log
code 5 muster run --no-input note
says "the drill runs already"
code 1 muster abort
says "several runs go on"
RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' /tmp/third)
code 0 muster abort "$RUN" --reason "seen enough"
await 30 grep -qx 'undo' /tmp/log
await 30 grep -qF "ABORTED" /tmp/third

echo "== a drill that is due is started, by the schedule"
await 75 told "minutely: run"
code 0 muster audit log workspace --json
says '"action":"schedule.started"'
says '"principal":"schedule"'
muster runs --json | grep -qF '"drill":"minutely"' || fail "the run is not listed"

echo "== whoever watches over it is told"
socket=$(find /tmp/state -name muster.sock)
asked() { curl -s -o /tmp/second -w '%{http_code}' --unix-socket "$socket" "http://muster$1"; }
[ "$(asked /healthz) $(asked /readyz)" = "200 200" ] || fail "it is not well"
[ "$(asked /metrics)" = 200 ] || fail "it has no figures"
says "muster_server_ready 1"
says 'muster_runs_total{drill="minutely",result="PASS",state="clean"}'
says "muster_server_start_lateness_seconds 0."

echo "== held: its times are recorded, and nothing starts"
code 2 muster schedule hold minutely
code 0 muster schedule hold minutely --reason "the auditors are here"
code 1 muster schedule hold minutely --reason again
await 75 told "held by unix:root: the auditors are here"
code 0 muster schedule resume minutely

echo "== files that break change nothing, and that is said; mended ones count"
cp "$W/drills/minutely.yaml" /tmp/good
echo 'nonsense: true' >>"$W/drills/minutely.yaml"
await 10 told "THE WORKSPACE'S FILES ARE BROKEN"
cp /tmp/good "$W/drills/minutely.yaml"
talk another 1 ''
await 10 told "The workspace's files were read again"
code 0 muster run --no-input another
says "PASS"

echo "== killed -9 with a fault live: the next server recovers first, and loses nothing"
: >/tmp/log
/mnt/muster -C "$W" run --no-input note >/tmp/third 2>&1 &
TERMINAL=$!
await 30 grep -qx 'do' /tmp/log
kill -KILL "$SERVER"
await 10 ended
ends 6 "$TERMINAL" /tmp/third
RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' /tmp/third)
says "run $RUN of note was live when its server died" /tmp/third
# shellcheck disable=SC2016 # a message's quotes
says '`muster recover`, or the server, started again, proves it' /tmp/third
await 60 grep -qx 'undo' /tmp/log
: >/tmp/out
serve
await 60 told "What was left is recovered"
code 0 muster runs
says "by-hand"
! grep -qE 'OPEN|dirty' /tmp/second || fail "something was not brought to its end"

echo "== SIGTERM: what goes on is reverted, then it ends in order"
: >/tmp/log
/mnt/muster -C "$W" run --no-input note >/tmp/third 2>&1 &
TERMINAL=$!
await 30 grep -qx 'do' /tmp/log
/mnt/muster -C "$W" run --no-input --json by-hand >/tmp/first 2>&1 &
OTHER=$!
await 20 grep -qF '"action":"step.started"' /tmp/first
kill -TERM "$SERVER"
await 60 ended
grep -qx 'undo' /tmp/log || fail "it ended before it had reverted"
told "Ended: the process was told to end (SIGTERM)" || fail "it does not say why it ended"
ends 5 "$TERMINAL" /tmp/third
says "ABORTED" /tmp/third
says "Report: " /tmp/third
ends 5 "$OTHER" /tmp/first
[ "$(grep -cF '"action":"run.closed"' /tmp/first)" = 1 ] || fail "its lines of JSON do not go to the end: $(tail -3 /tmp/first)"

echo "== a server dies with a start unanswered: who asked looks what became of it"
dying() { # dying COMMAND…: what it has done when it is gone
  /usr/bin/python3 /mnt/dying_server.py "$(dirname "$(find /tmp/state -name store.lock)")" "$@" >/tmp/out 2>&1 &
  await 10 told serving
}
dying true
code 5 muster run --no-input note
says "the server was lost: "
says "nothing was begun: the server ended before"
cat >/tmp/dies.sh <<'END'
/mnt/muster -C /tmp/workspace run --no-input note >/tmp/third 2>&1 </dev/null &
until grep -qF 'ACTIVE, proven' /tmp/third; do sleep 0.1; done
kill -KILL $!
END
dying sh /tmp/dies.sh
code 6 muster run --no-input note
RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' /tmp/third)
says "run $RUN of note was live when its server died"
code 0 muster recover
says "healed 1"

echo "== without a server: due, and due --run"
code 0 muster due
minute() { muster due >/tmp/second 2>&1 && grep -qF "minutely would start now" /tmp/second; }
await 75 minute
code 0 muster due --run
says "PASS"
code 0 muster due --run
code 0 muster audit verify
says "UNWITNESSED"

#!/bin/sh
# interrupted.sh MUSTER: whole runs by the real binary on this machine, which are interrupted: by a lost terminal, by
# Ctrl-C twice; and what the next `muster run` does when something was left behind.
# In a mount namespace of its own: what a run leaves in /run is nobody else's. Ends with 77 where that cannot be made.
set -eu
if [ -z "${INTERRUPTED_INSIDE-}" ]; then
  MUSTER=$(realpath "${1:?the path of muster}")
  way=-rm
  [ "$(id -u)" != 0 ] || way=-m
  unshare "$way" true 2>/dev/null || {
    echo "SKIPPED: no mount namespace can be made here (unshare $way)"
    exit 77
  }
  export MUSTER INTERRUPTED_INSIDE=yes
  exec unshare "$way" sh "$0"
fi
mount -t tmpfs none /run
TMP=$(mktemp -d)
pid=
# A dead-man that still has something to undo does it before its folder goes.
trap ': >"$TMP/may"; [ -z "$pid" ] || kill -KILL "$pid"; sleep 1; rm -rf "$TMP"' EXIT
export MUSTER_STATE="$TMP/state"
mkdir -p "$TMP/w/inventory" "$TMP/w/drills"
cd "$TMP"
cat >w/inventory/hosts.yaml <<'EOF_HOSTS'
all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}
EOF_HOSTS
echo "people: {ana: {name: Ana, unix: $(id -un)}}" >w/inventory/people.yaml
# Its undo takes a while, and works only while there is a file `may`.
cat >w/drills/slow.yaml <<EOF_DRILL
drill: slow
owner: ana
targets: {on: here}
steps:
  - {id: touch, run: [touch, $TMP/mark], target: on, undo: [sh, -c, 'sleep 2; [ -e "\$0/may" ] && rm -f "\$0/mark"', $TMP]}
  - {pause: 5m}
EOF_DRILL
cat >w/drills/fine.yaml <<'EOF_DRILL'
drill: fine
owner: ana
targets: {on: here}
steps:
  - check: {command: ["true"], on_host: on}
EOF_DRILL

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  cat out err >&2
  exit 1
}
until_seen() { # FILE TEXT
  n=0
  until grep -q -e "$2" "$1" 2>/dev/null; do
    n=$((n + 1))
    [ "$n" -lt 600 ] || fail "'$2' was not seen in $1"
    sleep 0.1
  done
}
# run ARGUMENT…: muster run, in the background; its process is $pid.
run() {
  : >out # at once: what the run before it said is not to be seen again
  "$MUSTER" -C w run --no-input "$@" >>out 2>err &
  pid=$!
}
ended() { # STATUS
  code=0
  wait "$pid" || code=$?
  pid=
  [ "$code" = "$1" ] || fail "exit status $code, $1 was expected"
}
runs() { "$MUSTER" -C w runs | grep -c -e slow -e fine; }

# A terminal that is lost tells it twice, and a service manager once more: all is reverted all the same.
: >may
run slow
until_seen out 'step 2 .* started'
for signal in HUP HUP TERM QUIT; do
  kill -"$signal" "$pid"
  sleep 0.2
done
ended 5
[ ! -e mark ] || fail "the undo was given up"
"$MUSTER" -C w audit log >record
grep -q 'SIGHUP' record || fail "the record does not say that the terminal was lost"
! grep -q '"what":"stop_waiting"' record || fail "nobody asked not to wait"
[ "$(grep -c '"what":"abort"' record)" = 1 ] || fail "one request was expected"

# Ctrl-C twice: what does not come to its end is called out, and who gave up on it is in the record.
rm may
run slow
until_seen out 'step 2 .* started'
kill -INT "$pid"
until_seen out 'Ctrl-C once more'
kill -INT "$pid"
ended 6
"$MUSTER" -C w audit log >record
grep -q "unix:$(id -un) .*\"what\":\"stop_waiting\"" record || fail "who stopped waiting is not in the record"

# On top of that nothing new is begun; the recovery is tried, and may be cut short as well.
hurry() {
  until_seen "$1" 'recovering it first'
  sleep 1
  kill -INT "$pid"
  until_seen "$1" 'Ctrl-C once more'
  kill -INT "$pid"
  until_seen "$1" 'Not waiting any longer'
}
run fine
hurry out
ended 6
grep -q 'nothing new is begun on top of it' err || fail "it does not say why it refuses"
grep -q 'command on here is not proven undone' err || fail "it does not say what is to be done"
[ "$(runs)" = 2 ] || fail "a new run was begun"

# Also not with --allow-dirty: who stops the recovery stops the drill that waits for it.
run fine --allow-dirty
hurry out
ended 6
[ "$(runs)" = 2 ] || fail "a new run was begun"

# Once the undo can work, the next run brings it to its end first.
: >may
run fine
ended 0
[ ! -e mark ] || fail "the mark is there yet"
grep -q 'left something that is not proven undone; recovering it first' out || fail "it was not recovered first"
"$MUSTER" -C w recover | grep -q 'Nothing to recover' || fail "something is left to recover"
echo "interrupted, refused, recovered"

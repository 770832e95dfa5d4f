# What tests share that are a controller and its one host in namespaces of their own: nothing of them outlives the
# test, and the machine stays as it was. To be sourced first, by a test that has MUSTER as its one argument. Without
# root it is counted as skipped.
# shellcheck shell=sh
if [ "${2-}" != inside ]; then
  if [ "$(id -u)" != 0 ] || ! unshare -m -n -p -f --mount-proc true 2>/dev/null; then
    echo "SKIPPED: needs root, and namespaces of its own"
    exit 77
  fi
  exec unshare -m -n -p -f --mount-proc --kill-child sh "$0" "$1" inside "$(readlink /proc/self/ns/mnt)"
fi
# Not a line goes on in the machine's own.
[ "$(readlink /proc/self/ns/mnt)" != "$3" ] || exit 1
mount -t tmpfs tmpfs /mnt
cp "$1" /mnt/muster
chmod 755 /mnt/muster
cp "$(dirname "$0")"/*.py /mnt
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
for place in /mnt /run /tmp; do mountpoint -q "$place" || exit 1; done
chmod 1777 /tmp
W=/tmp/workspace
export MUSTER_STATE=/tmp/state
mkdir -p "$W/drills" "$W/inventory"
cat >"$W/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here: {muster_connection: local, muster_environment: lab}
END
echo 'people: {ana: {name: Ana, unix: root}}' >"$W/inventory/people.yaml"

muster() { /mnt/muster -C "$W" "$@"; }
fail() {
  echo "FAILED: $*"
  tail -n 60 /tmp/out /tmp/second 2>/dev/null
  exit 1
}
says() { grep -qF -- "$1" "${2-/tmp/second}" || fail "not said: '$1'"; }
code() { # code N COMMAND…: it ends with N; what it says is in /tmp/second
  wanted=$1 got=0
  shift
  "$@" >/tmp/second 2>&1 </dev/null || got=$?
  [ "$got" = "$wanted" ] || fail "'$*' ended with $got, expected $wanted"
}
await() { # await SECONDS COMMAND…
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "waited in vain: $*"
    sleep 0.1
  done
}
start() { # start DRILL: its run, $RUN, in the background as $PID, until its first effect is active
  : >/tmp/out # else what the last one said is taken for this one's
  /mnt/muster -C "$W" run --no-input "$1" >/tmp/out 2>&1 </dev/null &
  PID=$!
  await 30 grep -qF 'ACTIVE, proven' /tmp/out
  # shellcheck disable=SC2034 # read by who starts it
  RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' /tmp/out)
}
kill_run() {
  kill -KILL "$PID"
  wait "$PID" 2>/dev/null || :
}
ends() { # ends N [PID FILE]: the process in the background ends so; what it says is in the file
  got=0
  wait "${2-$PID}" || got=$?
  [ "$got" = "$1" ] || fail "it ended with $got, expected $1: $(cat "${3-/tmp/out}")"
}
# drill_note NAME: a command with an undo, both of which leave a line in /tmp/log, and a long pause
drill_note() {
  cat >"$W/drills/$1.yaml" <<END
drill: $1
owner: ana
targets: {it: here}
steps:
  - run: [sh, -c, "echo do >>/tmp/log"]
    undo: [sh, -c, "echo undo >>/tmp/log"]
    target: it
  - pause: 10m
END
}

# A room: mount, network and process namespaces of its own, in which a real runner breaks real things and is killed.
# What goes wrong in it, or is left in it, is nobody else's; what runs in it can be counted.
# shellcheck shell=sh disable=SC2015,SC2034,SC2154

# Why no room can be made here; false when it can.
no_room() {
  [ "$(id -u)" = 0 ] || { echo "it needs root" && return; }
  for tool in strace unshare nft ip; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed" && return; }
  done
  unshare -mnpf --propagation private true 2>/dev/null || { echo "no namespaces can be made here" && return; }
  # A kernel without nftables or ptrace: the first room would say so in worse words.
  unshare -n nft add table inet room 2>/dev/null || { echo "nft does not work here" && return; }
  strace -o /dev/null true 2>/dev/null || { echo "strace may not trace here" && return; }
  return 1
}

# enter_room SCRIPT…: becomes SCRIPT, as process 1 of a new room.
enter_room() { exec unshare -mnpf --propagation private --mount-proc --kill-child sh "$@"; }

# furnish FOLDER: a victim, a disk, a network with nobody else in it, a workspace and a state folder in FOLDER.
furnish() {
  mount -t tmpfs none /run
  mkdir -p /run/room/disk /run/lock
  mount -t tmpfs -o size=8m none /run/room/disk
  ip link set lo up
  ip link add veth0 type veth peer name veth1
  ip addr add 192.0.2.1/24 dev veth0
  ip link set veth0 up
  W=$1/w MUSTER_STATE=$1/state OUT=$1/out
  export MUSTER_STATE
  cp -R "$kill/workspace" "$W"
  cat >/run/room/victim <<'END'
while :; do sleep 0.2; done
END
  setsid sh /run/room/victim the-victim </dev/null >/dev/null 2>&1 &
  VICTIM=$!
}

muster() { "$MUSTER" -C "$W" "$@"; }

# What is broken now, in words; nothing when nothing is.
broken() {
  read -r _ _ state _ <"/proc/$VICTIM/stat"
  [ "$state" != T ] || echo "the victim is stopped"
  find /run/room/disk -name '.muster-fill-*'
  ! nft list tables | grep muster || :
  [ ! -e /run/room/mark ] || echo "the mark is set"
}

# What Muster has left on this host beside a fault: locks, effects, leases, dead-men, anything that runs.
left() {
  [ ! -d /run/muster ] || (cd /run/muster && find . -mindepth 1 ! -path ./effect ! -path ./run ! -path ./gone ! -path './life*' ! -path './witness*')
  for stat in /proc/[0-9]*/stat; do
    read -r pid name state parent _ <"$stat" 2>/dev/null || continue
    # This script, the victim, what either of them waits for right now.
    case " 1 $$ $VICTIM " in *" $pid "* | *" $parent "*) continue ;; esac
    [ "$state" = Z ] || echo "process $pid $name: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
  done
}

# within SECONDS COMMAND…: until it says nothing.
within() {
  tries=$(($1 * 5))
  shift
  while said=$("$@") && [ -n "$said" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}

# lateness: of each effect that its dead-man healed, hundredths of a second from the end of its lease to the end of
# the undo.
lateness() {
  for d in /run/muster/effect/*/; do
    grep -qs '^healed_by=lease' "${d}healed" && [ -d "${d}started" ] || continue
    read -r lease <"/run/muster/run/$(sed -n 's/^run=//p' "${d}meta")/lease"
    echo $(($(sed -n 's/^healed_uptime_cs=//p' "${d}healed") - lease))
  done
}

# The run of this room, "" when none was opened.
run_id() { muster runs 2>/dev/null | sed -n '2s/ .*//p'; }
entries() { muster audit log "$1" --json 2>/dev/null; }
recorded() { entries "$RUN" | grep -cF "\"action\":\"$1\"" || :; }

# --- for cases

# start_run DRILL: in the background, as PID.
start_run() {
  : >"$OUT"
  "$MUSTER" -C "$W" run --no-input "$1" >"$OUT" 2>&1 </dev/null &
  PID=$!
}
# join_run: waits for its end; CODE.
join_run() {
  CODE=0
  wait "$PID" || CODE=$?
  cat "$OUT"
  RUN=$(run_id)
}
# await_words WORDS [SECONDS]: until it has said so.
await_words() {
  tries=$((${2-60} * 10))
  until grep -qF -- "$1" "$OUT"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] && kill -0 "$PID" || fail "not said: '$1': $(cat "$OUT")"
    sleep 0.1
  done
}
fail() {
  echo "FAILED: $*"
  exit 1
}
expect_code() { [ "$CODE" = "$1" ] || fail "exit status $CODE, expected $1"; }
expect_words() { grep -qF -- "$1" "${2-$OUT}" || fail "not said: '$1': $(cat "${2-$OUT}")"; }
expect_whole() { [ -z "$(broken)" ] || fail "still broken: $(broken)"; }
expect_nothing_left() { within 5 left || fail "left behind: $(left)"; }
# recovered CODE: recover, after which nothing is left, and a second one has nothing to do.
recovered() {
  CODE=0
  muster recover >"$OUT.recover" 2>&1 || CODE=$?
  cat "$OUT.recover"
  expect_code "$1"
  expect_whole
  expect_nothing_left
  RUN=$(run_id)
  [ -z "$RUN" ] || muster audit verify >/dev/null || fail "the record does not verify"
  muster recover 2>&1 | grep -qF "Nothing to recover" || fail "there is still something to recover"
}

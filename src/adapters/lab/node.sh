#!/bin/sh
# node.sh ACTION NODE: one machine of the lab.
#
#   status  prints on or off
#   start   gives it power: boots it from its disk (returns before sshd answers)
#   kill    cuts its power: everything on it dies at once and its address answers nothing
#   stop    shuts it down in order, and cuts its power after a while
#   wait    waits until somebody can log in and the boot is over
#   save    keeps a copy of the disk of a stopped node; restore puts it back
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

STOP_WITHIN_S=20
LOGIN_WITHIN_S=30
BOOT_WITHIN_S=30

action=${1:?node.sh ACTION NODE}
NODE=${2:?node.sh ACTION NODE}
FOLDER=$STATE/nodes/$NODE
[ -e "$FOLDER/node.conf" ] || fail "the lab $LAB has no node '$NODE'; it has: $(nodes | tr '\n' ' ')"

# Two at once must not give power to one disk.
alone() {
  exec 8>"$FOLDER/lock"
  flock -w 60 8 || fail "another command is at work on $NODE"
  "$@"
}

dead() { ! alive "$NODE"; }

# A killed node's kernel lets go of its disk a moment later: booting before that would mount it twice.
disk_free() { [ -z "$(losetup -j "$FOLDER/disk.img")" ]; }

cable() {
  [ ! -e "/run/netns/$WIRES" ] || ip -n "$WIRES" link set "$NODE" "$1"
}

status() {
  if alive "$NODE"; then say on; else say off; fi
}

enter_cgroup() {
  root=$(cgroup_root)
  mkdir -p "$root/mlab-$LAB/$NODE"
  # Where version 2 rules alone, its controllers reach the node.
  sed 's/[^ ]* */+&/g' "$root/cgroup.controllers" >"$root/mlab-$LAB/cgroup.subtree_control" 2>/dev/null || :
  echo 0 >"$root/mlab-$LAB/$NODE/cgroup.procs" # 0 is the writer; $$ would be the shell around us
}

start() {
  ! alive "$NODE" || return 0
  [ -e "/run/netns/$WIRES.$NODE" ] || fail "the lab's network is down; run: muster lab up"
  clear_group "$LAB/$NODE" # also ends who has not got to be pid 1 yet
  until_holds 100 disk_free || fail "the disk of $NODE is still in use: $(losetup -j "$FOLDER/disk.img")"
  rm -f "$FOLDER/init"
  # In a process of its own: the node belongs to its control group, we do not.
  (
    enter_cgroup
    cd /
    exec setsid nsenter --net="/run/netns/$WIRES.$NODE" \
      unshare --mount --uts --ipc --pid --cgroup --fork --propagation private --kill-child=SIGKILL \
      env STATE="$STATE" NODE="$NODE" sh "$LIB/init.sh"
  ) </dev/null >"$FOLDER/console.log" 2>&1 8>&- &
  launched=$!
  until_holds 100 launched_or_gone || :
  alive "$NODE" || fail "$NODE did not start: $(tail -n 3 "$FOLDER/console.log")"
  cable up
}

launched_or_gone() { alive "$NODE" || ! kill -0 "$launched" 2>/dev/null; }

# Power loss: first nobody hears it any more, so that no goodbye of a dying connection gets out.
kill_node() {
  cable down
  if alive "$NODE"; then
    kill -KILL "$PID" 2>/dev/null || :
    until_holds 100 dead || fail "$NODE (process $PID) does not die"
  fi
  clear_group "$LAB/$NODE"
  until_holds 100 disk_free || fail "the disk of $NODE is still in use"
}

stop() {
  if alive "$NODE"; then
    kill -38 "$PID" # SIGRTMIN+4: systemd's "power off"
    until_holds $((STOP_WITHIN_S * 10)) dead || say "$NODE did not shut down within $STOP_WITHIN_S s"
  fi
  kill_node
}

wait_login() {
  until_holds $((LOGIN_WITHIN_S * 10)) in_or_dead || :
  if ! alive "$NODE" || ! in_or_dead; then
    fail "$NODE has no sshd that lets us in: $(ssh_node "$NODE" true 2>&1 | tail -n 1) $(tail -n 3 "$FOLDER/console.log")"
  fi
  # The boot goes on while we can log in already; a unit that failed is not our business.
  ssh_node "$NODE" timeout $BOOT_WITHIN_S systemctl is-system-running --wait >/dev/null 2>&1 || :
}
in_or_dead() { dead || ssh_node "$NODE" true 2>/dev/null; }

copy_disk() {
  alive "$NODE" && fail "$NODE is running"
  cp --sparse=always --reflink=auto "$FOLDER/$1" "$FOLDER/$2.new"
  mv "$FOLDER/$2.new" "$FOLDER/$2"
}

case $action in
status) status ;;
wait) wait_login ;;
start | stop) alone "$action" ;;
kill) alone kill_node ;;
save) alone copy_disk disk.img saved.img ;;
restore) alone copy_disk saved.img disk.img ;;
*) fail "node.sh status|start|kill|stop|wait|save|restore NODE" ;;
esac

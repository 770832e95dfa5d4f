# shellcheck shell=sh
# What the host-side scripts of the lab share. Sourced; defines functions and variables only.
#
# STATE is the lab's folder (/var/lib/muster-lab/LAB). Everything that a lab makes on the machine is
# below it, or carries its name: network namespaces mlab-LAB and mlab-LAB.NODE, the interface
# mlab-LAB, the control group mlab-LAB. Nothing else is ever touched.

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

STATE=${STATE:?the folder of the lab}
# shellcheck source=/dev/null
[ ! -e "$STATE/lab.conf" ] || . "$STATE/lab.conf"
LAB=${LAB:-${STATE##*/}}
LIB=$STATE/lib
# shellcheck disable=SC2034 # for those who source this
WIRES=mlab-$LAB # the namespace that holds the bridge, so that the machine's own network stays clean

nodes() {
  for folder in "$STATE"/nodes/*/; do
    [ -e "$folder/node.conf" ] || continue
    folder=${folder%/}
    printf '%s\n' "${folder##*/}"
  done
}

# The start time of a process in clock ticks since boot: with the pid it names one process for good.
started() {
  read -r line 2>/dev/null <"/proc/$1/stat" || return 1
  # The command's name may hold blanks and parentheses: count after its last one.
  # shellcheck disable=SC2086
  set -- ${line##*) }
  [ "$1" != Z ] || return 1
  printf '%s\n' "${20}"
}

# Is the init of NODE running? Sets PID.
alive() {
  PID='' START=''
  read -r PID START _ 2>/dev/null <"$STATE/nodes/$1/init" || return 1
  [ -n "$START" ] && [ "$(started "$PID")" = "$START" ]
}

# A session ends when the node does not answer for ten seconds: nobody may wait for a dead one for ever.
ssh_lab() {
  ssh -F "$STATE/ssh_config" -o BatchMode=yes -o ConnectTimeout=2 -o ServerAliveInterval=5 \
    -o ServerAliveCountMax=2 "$@"
}
ssh_node() { ssh_lab -n "$@"; }

# Where control groups of version 2 are mounted, alone or beside version 1.
cgroup_root() {
  awk '$3 == "cgroup2" { print $2; found = 1; exit } END { exit !found }' /proc/self/mounts ||
    fail "this machine has no cgroup2 file system, which the nodes' systemd needs"
}

node() { sh "$LIB/node.sh" "$@"; }

# Runs COMMAND ARGUMENT... NODE for all nodes at once; fails when one of them does.
each() {
  running=''
  for each_node in $(nodes); do
    "$@" "$each_node" &
    running="$running $!"
  done
  failed=0
  for one in $running; do
    wait "$one" || failed=1
  done
  [ "$failed" = 0 ] || exit 1
}

# Waits up to $1 tenths of a second until the rest of the line succeeds.
until_holds() {
  left=$1
  shift
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 0.1
  done
}

# We ourselves belong to the lab: `down` ends what an `up` that was cut short has left running. (0 is the
# writer.)
join_group() {
  group=$(cgroup_root)/mlab-$LAB/_commands
  mkdir -p "$group"
  echo 0 >"$group/cgroup.procs"
}

# Ends all that runs in the control group mlab-$1, and removes it: whatever belongs to the lab or the node,
# whoever started it and whether we remember it or not.
clear_group() {
  group=$(cgroup_root)/mlab-$1
  [ -d "$group" ] || return 0
  [ ! -e "$group/cgroup.kill" ] || echo 1 >"$group/cgroup.kill"
  until_holds 100 group_gone || fail "processes are left in $group"
}
group_gone() { find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; }

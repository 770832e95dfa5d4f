#!/bin/sh
# The end-to-end tests: whole drills against the lab's real hosts, by the very binary that users run.
#
# run.sh MUSTER [CASE…]     KEEP_LAB=1 leaves the lab up; without CASE all run.
#
# Each case gets a workspace (drills, playbooks and inventory of this repository, and those of workspace/ here),
# a record of its own, and the lab as it was made. Needs root, sqlite3 and what the lab needs. The lab is taken
# down at the end, also when this script made nothing of it.
set -u
e2e=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$e2e/../.." && pwd)
# shellcheck source=/dev/null
. "$e2e/lib.sh"
for file in "$e2e"/cases/*.sh; do
  # shellcheck source=/dev/null
  . "$file"
done
# In the order in which a failure says most.
cases='restore_test restore_by_a_gate objectives_missed newest_backup_damaged preflight_refuses kill_ineffective hang_is_measured
  disk_runs_full stopped_and_cut_off killed_while_cut_off two_runs_at_once interrupted
  killed_before_no_return killed_after_no_return primary_loss'

binary=${1:?the binary to test}
shift
MUSTER=$(cd "$(dirname "$binary")" && pwd)/$(basename "$binary")
selected=${*:-$cases}

why_not() {
  [ "$(id -u)" = 0 ] || { echo "the lab needs root" && return; }
  for tool in sqlite3 mmdebstrap ip unshare nsenter ssh mkfs.ext4; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed" && return; }
  done
  return 1
}

passed=0 failed=0 skipped=0
total() { printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"; }
now() { date +%s; }

if why=$(why_not); then
  for name in $selected; do
    echo "SKIPPED: $name: $why"
    skipped=$((skipped + 1))
  done
  total
  exit 77
fi

TMP=$(mktemp -d)
finish() {
  trap - EXIT INT TERM HUP
  stop_children
  [ "$1" != 130 ] || heal "$name" >/dev/null 2>&1
  if [ "${KEEP_LAB-}" = 1 ]; then echo "the lab stays up, what the cases left is in $TMP"; else
    "$MUSTER" lab down >/dev/null 2>&1
    rm -rf "$TMP"
  fi
  exit "$1"
}
trap 'finish 130' INT TERM HUP
trap 'finish $?' EXIT

# The lab as it was made; a lab that was made from another definition is made anew.
fresh_lab() {
  if "$MUSTER" -C "$repository" lab up && "$MUSTER" lab reset; then return; fi
  "$MUSTER" lab down && "$MUSTER" -C "$repository" lab up
}

for name in $selected; do
  began=$(now)
  log=$TMP/$name.log
  [ -n "${no_lab-}" ] || fresh_lab >"$log" 2>&1 || no_lab=yes
  if [ -n "${no_lab-}" ]; then
    echo "there is no lab to run it in" >>"$log"
    code=1
  else
    # Not in an `if`: there `set -e` would not end the case at its first failure.
    (
      set -e
      begin "$name"
      "case_$name"
    ) >"$log" 2>&1
    code=$?
  fi
  stop_children
  if [ "$code" = 0 ]; then
    passed=$((passed + 1))
    echo "ok $name $(($(now) - began))"
  else
    failed=$((failed + 1))
    echo "not ok $name $(($(now) - began))"
    sed 's/^/    /' "$log"
    heal "$name" >/dev/null 2>&1
  fi
done
total
[ "$failed" = 0 ]

#!/bin/sh
# lab.sh MUSTER [N]: the runner is killed N times (8) at writes of its record spread over a whole drill on the lab's real
# hosts: the power of a primary is cut, its backup restored and promoted elsewhere, the front door switched. After each:
# leases, recovery, record, and what stands on the hosts (tests/e2e/cases/kills.sh). Needs root, strace, and what the lab needs.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
muster=$(realpath "${1:?the path of muster}")
wanted=${2:-8}
command -v strace >/dev/null || { echo "SKIPPED: strace is not installed" && exit 77; }
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

export KEEP_LAB=1 KILL_TOLD="$TMP/told"
bad=0
attempt() { # attempt WRITE
  : >"$KILL_TOLD"
  if KILL_AT=$1 sh "$here/tests/e2e/run.sh" "$muster" killed_at >"$TMP/said" 2>&1; then
    printf 'ok at write %s: %s\n' "$1" "$(tail -n 1 "$KILL_TOLD")"
  else
    bad=$((bad + 1))
    echo "BAD at write $1"
    cat "$TMP/said"
  fi
}
attempt 65535 # the last that strace counts to, and never reached: a whole run, whose writes are counted
writes=$(sed -n 's/^alive //p' "$KILL_TOLD")
n=0
while [ "$bad" = 0 ] && [ "$n" -lt "$wanted" ]; do
  attempt $((1 + n * writes / wanted + n % 2)) # every second one waits for the leases
  n=$((n + 1))
done
"$muster" lab down >/dev/null 2>&1 || :
echo "kills in lab drills $n, of which bad $bad; an unharmed run wrote ${writes:-?} times"
[ "$bad" = 0 ]

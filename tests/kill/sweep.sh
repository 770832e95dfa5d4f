#!/bin/sh
# sweep.sh MUSTER [N]: `muster run` is killed N times (24 without N), at every write of its journal and at a sample of
# the other things that it asks of the kernel, each time in a room of its own, on real faults; the leases end, it is
# recovered, and nothing may be left (attempt.sh). Eight rooms at a time (KILL_ROOMS). Ends with 77 where no room can be
# made. Needs root and strace.
# shellcheck disable=SC2016 # what stands in '…' is for the inner shell
set -u
kill=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$kill/lib.sh"
MUSTER=$(realpath "${1:?the path of muster}")
export MUSTER
wanted=${2:-24} rooms=${KILL_ROOMS:-8}
if why=$(no_room); then
  echo "SKIPPED: $why"
  exit 77
fi
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 130' INT TERM HUP

# What a whole run asks of the kernel: the most calls of each kind that one thread makes.
calls='fdatasync pwrite64 write sendmsg openat epoll_wait clone3'
count_calls() { # count_calls DRILL: lines "DRILL CALL MOST"
  (
    ROOM=yes
    export ROOM
    enter_room -c '. "$0/lib.sh"; kill=$0; furnish "$1"
      strace -f -b execve -o "$1/trace" -e "trace=$(echo "$3" | tr " " ,)" \
        "$MUSTER" -C "$W" run --no-input "$2" >"$OUT" 2>&1 </dev/null || { cat "$OUT"; exit 1; }' \
      "$kill" "$TMP/$1" "$1" "$calls"
  ) || return 1
  for call in $calls; do
    sed -n "s/^\([0-9]*\) *$call(.*/\1/p" "$TMP/$1/trace" | sort | uniq -c | sort -rn |
      awk -v drill="$1" -v call="$call" 'NR == 1 { print drill, call, $1 }'
  done
}

# All writes of the journal first, then the others in equal shares, at places spread over the run; every second one
# waits for the leases.
points() {
  awk -v wanted="$wanted" '
    { most[$1 " " $2] = $3; kinds[++n] = $1 " " $2 }
    END {
      for (k = 1; k <= n; k++) if (kinds[k] ~ /fdatasync/) sum += most[kinds[k]]
      syncs = wanted / 2 < sum ? int(wanted / 2) : sum
      for (k = 1; k <= n; k++) {
        m = most[kinds[k]]
        share = kinds[k] ~ /fdatasync/ ? int(syncs * m / sum + 0.5) : (wanted - syncs) / (n - 2)
        for (i = 0; i < share && i < m; i++) print kinds[k], 1 + int(i * m / (share < m ? share : m)), NR + ++p
      }
    }' | awk '{ print $1, $2, $3, (NR % 2 ? "lease" : "now") }' | sort -u | head -n "$wanted"
}

for drill in sweep held; do
  mkdir "$TMP/$drill"
  count_calls "$drill" || {
    echo "FAILED: an unharmed run of $drill did not pass"
    exit 1
  }
done >"$TMP/counts"
cat "$TMP/counts"
points <"$TMP/counts" >"$TMP/points"
began=$(date +%s)
nth=0
while read -r drill call n mode; do
  nth=$((nth + 1))
  echo "$nth $drill $call $n $mode"
done <"$TMP/points" | xargs -P "$rooms" -L 1 sh -c 'mkdir "$1/$2"
  "$0/attempt.sh" "$1/$2" "$3" "$4" "$5" "$6" >"$1/$2.said" 2>&1; tail -n 1 "$1/$2.said"; rm -rf "$1/$2"' "$kill" "$TMP"
tried=$(cat "$TMP"/*.said | grep -c '^ok') bad=$(cat "$TMP"/*.said | grep -c '^BAD') alive=$(cat "$TMP"/*.said | grep -c '^alive')
odd=$(($(wc -l <"$TMP/points") - tried - bad - alive))
cat "$TMP"/*.said | grep -v '^[0-9-]*$' | grep -v '^ok' | grep -v '^alive'
cat "$TMP"/*.said | grep '^-\{0,1\}[0-9]*$' | sort -n | awk '{ v[NR] = $1 / 100 }
  END { if (NR) printf "dead-men that acted: %d; from the end of the lease to the end of the undo: p50 %.2f s, p99 %.2f s, most %.2f s\n",
    NR, v[int((NR + 1) / 2)], v[int(NR * 0.99 + 0.999)], v[NR] }'
echo "kills $((tried + bad)), of which bad $bad; runs that ended before the call came $alive; attempts that said nothing $odd; $(($(date +%s) - began)) s"
[ "$bad" = 0 ] && [ "$odd" = 0 ] && [ "$tried" -gt 0 ]

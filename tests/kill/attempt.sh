#!/bin/sh
# attempt.sh FOLDER DRILL CALL NTH MODE: one death, in a room of its own. Runs DRILL, kills the runner as it is about to
# make its NTH system call CALL, and then, by MODE, waits for the leases (`lease`) or not (`now`), recovers, and judges.
# Prints `ok`, `alive` (there was no NTH call), or `BAD` and why; and the lateness of each dead-man.
set -u
kill=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$kill/lib.sh"
if [ -z "${ROOM-}" ]; then
  export ROOM=yes
  enter_room "$0" "$@"
fi
folder=$1 drill=$2 call=$3 nth=$4 mode=$5

bad() {
  echo "BAD $drill $call $nth $mode: $*" | tr '\n' ' '
  echo
  exit 1
}

furnish "$folder"
code=0
strace -f -b execve -o /dev/null -e "trace=$call" -e "inject=$call:signal=SIGKILL:when=$nth" \
  "$MUSTER" -C "$W" run --no-input "$drill" >"$OUT" 2>&1 </dev/null || code=$?
died=$(cut -d' ' -f1 /proc/uptime)
if [ "$code" != 137 ]; then
  # It came to its end before that call: a PASS, or, on a machine that is too busy for its leases, none.
  if [ "$code" != 0 ]; then grep -qE 'VERDICT (INVALID|ABORTED|NOT_RUN|FAIL|INCONCLUSIVE), clean' "$OUT" ||
    bad "it ended with $code: $(tail -n 3 "$OUT")"; fi
  within 5 left || bad "nobody was killed, and this is left: $(left)"
  ! broken | grep -qv '^the mark' || bad "nobody was killed, and this is broken: $(broken)"
  echo "alive $drill $call $nth $code"
  exit 0
fi

# 1. Every effect that its host knows is in the record.
RUN=$(run_id)
[ -z "$RUN" ] || entries "$RUN" >"$folder/before"
for d in /run/muster/effect/*/; do
  [ -d "$d" ] || continue
  id=$(basename "$d")
  grep -F '"action":"effect.intent"' "$folder/before" 2>/dev/null | grep -qF "$id" || bad "effect $id is in no record"
  [ ! -d "${d}started" ] || grep -F '"action":"effect.injecting"' "$folder/before" | grep -qF "$id" ||
    bad "effect $id was begun before the record said so"
done
held() { grep -qF '"action":"step.no_return"' "$folder/before" 2>/dev/null; }
faults() { if held; then broken | grep -v '^the mark'; else broken; fi; }

# Its dead-man is off from the hold on, whether or not the command was sent: then only recover undoes it.
off() { grep -qF '"action":"effect.held"' "$folder/before" 2>/dev/null; }
unheld_faults() { if off; then broken | grep -v '^the mark'; else broken; fi; }

# 2. Leases end, and everything that is not held is mended, by itself.
if [ "$mode" = lease ]; then
  within 27 unheld_faults || bad "still broken 27 s after the runner's death at $died: $(faults)"
  lateness
fi

# 3. It is recovered, and nothing at all is left.
code=0
muster recover >"$folder/recovered" 2>&1 || code=$?
[ "$code" = 0 ] || bad "recover ended with $code: $(tail -n 5 "$folder/recovered")"
[ -z "$(faults)" ] || bad "recovered, and broken: $(faults)"
within 5 left || bad "recovered, and left behind: $(left)"
if held; then [ -e /run/room/mark ] || bad "what was held was undone"; fi
[ -z "$RUN" ] || {
  muster audit verify >"$folder/verified" 2>&1 || bad "the record does not verify: $(tail -n 3 "$folder/verified")"
  entries "$RUN" >"$folder/after"
  if [ -s "$folder/after" ]; then
    tail -n 1 "$folder/after" | grep -qF '"action":"run.closed"' || bad "the run is not closed"
    # A verdict that stood before it died may stay a PASS: all was done and proven then.
    grep -qF '"action":"verdict"' "$folder/before" 2>/dev/null || ! grep -F '"action":"verdict"' "$folder/after" |
      grep -qF '"outcome":"PASS"' || bad "PASS of a run whose process died"
  fi
}
muster recover 2>&1 | grep -qF "Nothing to recover" || bad "there is still something to recover"
echo "ok $drill $call $nth"

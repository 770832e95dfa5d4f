# The runner killed as it writes its record for the KILL_AT-th time, in a whole drill on real hosts. Not among what
# every test run plays: `./dev kill-lab` plays it at points spread over the drill (tests/kill/lab.sh).
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

told() { echo "$1" >>"${KILL_TOLD:-/dev/null}"; }

case_killed_at() {
  died=0
  strace -f -b execve -o "$W/trace" -e trace=fdatasync -e "inject=fdatasync:signal=SIGKILL:when=${KILL_AT:?}" \
    "$MUSTER" -C "$W" run --no-input quick-loss >"$OUT" 2>&1 </dev/null || died=$?
  if [ "$died" != 137 ]; then
    expect_all "it came to its end before that write" "$died = 0"
    # The most writes that one thread made: the record's.
    told "alive $(sed -n 's/^\([0-9]*\) *fdatasync(.*/\1/p' "$W/trace" | sort | uniq -c | awk '$1 > most { most = $1 } END { print most }')"
    return
  fi
  RUN=$(muster runs | sed -n '2s/ .*//p')
  AUDIT=$W/audit
  : >"$AUDIT"
  [ -z "$RUN" ] || muster audit log "$RUN" --json >"$AUDIT"
  # Every second one: the leases end first, and nobody runs Muster meanwhile.
  [ $((KILL_AT % 2)) = 0 ] || {
    sleep 25
    [ "$(recorded effect.held)" != 0 ] || await 40 "db-1 gets its power back by itself" power_is db-1 on
  }
  muster recover >"$OUT" 2>&1 || fail "recover failed: $(cat "$OUT")"
  cat "$OUT"
  # Killed before anything was recorded there is nothing to verify, and that is said.
  muster audit verify >"$W/verify" 2>&1 || { [ -z "$RUN" ] && grep -qF "there is no record of this workspace" "$W/verify"; } ||
    fail "the record is damaged: $(cat "$W/verify")"
  muster recover 2>&1 | grep -qF "Nothing to recover" || fail "there is still something to recover"
  [ -z "$RUN" ] || muster audit log "$RUN" --json >"$AUDIT"
  expect_after_death
}

# After a step of no return (its intent counts: the command may have gone out) what is held stays; else all is as before.
expect_after_death() {
  ! grep -F '"action":"verdict"' "$AUDIT" | grep -qF '"outcome":"PASS"' || [ "$(recorded run.closed)" != 0 ] ||
    fail "PASS of a run whose process died"
  if [ "$(recorded step.no_return)" != 0 ]; then
    told "killed after the step of no return was announced"
    no_effect_on dr-1 || fail "an effect or a lock is left on dr-1"
    no_effect_on_controller || fail "an effect is left on the controller"
    # Switched or not, never two primaries: db-1 is on only when all is as before.
    if power_is db-1 on; then
      expect_before
    else
      expect_all "both effects are held, and nothing is reverted" "$(recorded effect.held) -ge 2" "$(recorded effect.reverting) = 0"
      ! switched || expect "clients are served by dr-1" served_by 10.231.77.31
    fi
  else
    told "killed before the step of no return"
    expect_before
  fi
}
switched() { grep -F '"action":"step.finished"' "$AUDIT" | grep -F '"step":"switch"' | grep -qF '"outcome":"passed"'; }

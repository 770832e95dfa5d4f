# The runner itself: stopped, out of room, its disk broken.
# shellcheck shell=sh disable=SC2016,SC2034,SC2154

case_stopped_past_its_lease() {
  start_run long
  await_words "command on here: ACTIVE"
  kill -STOP "$PID"
  [ -n "$(broken)" ] || fail "nothing is broken"
  within 27 broken || fail "27 s after the runner was stopped: $(broken)"
  kill -CONT "$PID"
  join_run
  # It did not go on with what was undone behind its back, and does not call that a pass.
  expect_code 4
  expect_words "VERDICT INVALID, clean"
  expect_whole
  expect_nothing_left
}

case_stopped_and_taken_over() {
  start_run long
  await_words "command on here: ACTIVE"
  kill -STOP "$PID"
  # It holds the store, alive or not: nobody takes over what may go on at any moment.
  ! muster recover >"$OUT.recover" 2>&1 || fail "a run was recovered whose process is only stopped"
  expect_words "is held by pid $PID" "$OUT.recover"
  kill -KILL "$PID"
  join_run
  recovered 0
}

case_state_folder_full() {
  mkdir -p "$MUSTER_STATE"
  mount -t tmpfs -o size=6m none "$MUSTER_STATE"
  start_run long
  await_words "command on here: ACTIVE"
  dd if=/dev/zero of="$MUSTER_STATE/filler" bs=64k >/dev/null 2>&1 || :
  join_run
  # Either the record took what was left of it, or it is said that it could not; never a pass.
  cat "$OUT" >&2
  ! grep -qF "VERDICT PASS" "$OUT" || fail "a PASS without room for its record"
  expect_whole
  rm "$MUSTER_STATE/filler"
  recovered 0
  ! muster runs | grep -qF PASS || fail "a PASS in the list of runs"
}

# Once it stands in the record that the command is about to be sent, what is held stays held, whether it was sent or not.
past_no_return() { muster audit log --json 2>/dev/null | grep -qF '"action":"step.no_return"'; }

case_record_cannot_be_synced() {
  for drill in sweep held; do
    for nth in 5 9 13; do
      CODE=0
      strace -f -b execve -o /dev/null -e trace=fdatasync -e "inject=fdatasync:error=EIO:when=$nth+" \
        "$MUSTER" -C "$W" run --no-input "$drill" >"$OUT" 2>&1 </dev/null || CODE=$?
      [ "$CODE" != 0 ] || fail "it ended well although its record could not be synced: $(cat "$OUT")"
      ! grep -qF "VERDICT PASS" "$OUT" || fail "a PASS without a record: $(cat "$OUT")"
      past_no_return || expect_whole
      muster recover >"$OUT.recover" 2>&1 || fail "recover: $(cat "$OUT.recover")"
      past_no_return || expect_whole
      within 5 left || fail "$drill $nth: left behind: $(left)"
      rm -f /run/room/mark /run/room/switched
    done
  done
}

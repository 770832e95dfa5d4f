# The primary is lost: recovered, interrupted, or left alone with it.
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

case_primary_loss() {
  # Shorter than the example's, and a person must answer.
  edit playbooks/postgres-primary-loss.yaml 's/warm_up: 20s/warm_up: 10s/' 's/late: proceed/late: fail/'
  edit drills/lab-orders-primary-loss.yaml 's/rpo: 10s/rpo: 5s/' 's/^with: {/with: {decide_within: 60s, /'
  start_drill lab-orders-primary-loss
  await_words "Choose the point to restore to"
  muster step answer decide recover_to=latest
  join
  expect_verdict 0 PASS changed
  expect_answered_from_elsewhere
  expect_measured
  expect_all "two effects are held" "$(held_effects) = 2"
  expect_words "node.kill on db-1 is held"
  expect_words "the restored copy on dr-1 stays in service"
  power_is db-1 off || fail "db-1 has power"
  expect "clients are served by dr-1" served_by 10.231.77.31
  # What is held on purpose is nobody's effect any more: the next drill may use these hosts.
  no_effect_on dr-1 || fail "an effect or a lock is left on dr-1"
  no_effect_on_controller || fail "an effect is left on the controller"
  expect_record_intact
}

expect_answered_from_elsewhere() {
  grep -F '"action":"step.answered"' "$AUDIT" >"$W/answer" || fail "no answer is in the record"
  for part in '"recover_to":"latest"' '"outcome":"ok"' '"principal":"unix:root"'; do expect_words "$part" "$W/answer"; done
}

held_effects() {
  sqlite3 :memory: "select count(*) from json_each(readfile('$REPORT'), '\$.effects')
    where json_extract(value, '\$.status') = 'held'"
}

# Both ends of both intervals, and a number of lost writes that the ledger bears out.
expect_measured() {
  for name in rto rpo; do
    lo=$(objective "$name" actual.lo_ns) hi=$(objective "$name" actual.hi_ns)
    expect_all "$name is met, by an interval: $(objective "$name" reason)" \
      "$(objective "$name" met) = yes" "$lo -ge 0" "$hi -gt $lo"
  done
  acknowledged=$(json '$.services[0].ledger.acknowledged') lost=$(json '$.services[0].ledger.lost.count')
  expect_all "the ledger does not contradict itself" "$(json '$.services[0].ledger.consistent') = 1"
  # What is there was acknowledged and survived, or (rarely) was never answered.
  rows=$(as_client "select count(*) from muster_ledger")
  others=$(($(json '$.services[0].ledger.recovered.count') + $(json '$.services[0].ledger.unexpected.count')))
  echo "$acknowledged acknowledged, $lost lost, $others others there, $rows rows in the table"
  expect_all "the table has what the report says" "$rows = $((acknowledged - lost + others))"
  expect_words "$lost lost"
}

expect_record_intact() {
  muster audit verify >"$W/verify" || fail "the record is damaged: $(cat "$W/verify")"
  expect_words "INTACT      run/$RUN" "$W/verify"
  expect_words UNWITNESSED "$W/verify"
  muster show >"$W/show"
  expect_words "PASS, changed" "$W/show"
  muster report --redact -o "$W/redacted" >"$W/report"
  expect_words "redacted edition" "$W/report"
  expect_words "PASS, changed" "$W/redacted/report.json"
  for file in report.html report.json junit.xml; do
    ! grep -E 'db-1|dr-1|10\.231\.77' "$W/redacted/$file" || fail "the redacted $file names a host"
  done
  muster runs >"$W/runs"
  grep -F "$RUN" "$W/runs" | grep -qE 'PASS +changed' || fail "the list of runs does not say so: $(cat "$W/runs")"
}

case_interrupted() {
  start_drill quick-loss
  await_words "restore on dr-1: restore"
  kill -INT "-$PID" # the whole group, as Ctrl-C does
  join
  expect_verdict 5 ABORTED clean
  expect_words "node.kill on db-1: undone, proven"
  expect_words "pgbackrest on dr-1: undone, proven"
  expect_before
}

# Everything is as before the drill.
expect_before() {
  power_is db-1 on || fail "db-1 has no power"
  no_copy_on dr-1 || fail "the copy is still on dr-1"
  no_effect_on_controller || fail "an effect is left on the controller"
  nothing_left dr-1
  await 60 "db-1 serves clients again" served_by 10.231.77.11
}

# kill_runner WORDS [DRILL]: kills it as it says them. Its leases are over 20 seconds later.
kill_runner() {
  start_drill "${2-quick-loss}"
  await_words "$1"
  kill -KILL "$PID"
  CODE=0
  wait "$PID" || CODE=$?
  expect_code 137
  cat "$OUT"
  RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' "$OUT")
}

# recover_run CODE [DRILL]: and again, when there must be nothing more to do.
recover_run() {
  muster runs | grep -F "$RUN" | grep -qF DIED || fail "the list of runs does not say that it died"
  CODE=0
  muster recover >"$OUT" 2>&1 || CODE=$?
  cat "$OUT"
  expect_code "$1"
  expect_words "RECOVER $RUN of ${2-quick-loss}"
  REPORT=$(find "$W/reports" -path "*/$RUN/report.json")
  AUDIT=$W/audit
  muster audit log "$RUN" --json --names >"$AUDIT"
  muster recover >"$W/again" || fail "a second recover failed"
  expect_words "Nothing to recover" "$W/again"
  muster audit verify >"$W/verify" || fail "the record is damaged: $(cat "$W/verify")"
}

case_killed_before_no_return() {
  kill_runner "restore on dr-1: restore"
  # Nobody runs Muster now: the guardian gives the power back, dr-1 removes the copy by itself.
  await 40 "the guardian gives db-1 its power back" power_is db-1 on
  await 20 "dr-1 removes the copy" no_copy_on dr-1
  recover_run 0
  expect_words "ABORTED, clean"
  expect_all "both effects were healed by their lease" \
    "$(json '$.verdict.state') = clean" "$(healed_by_lease) = 2"
  expect_before
}

case_killed_after_no_return() {
  kill_runner 'step 3 "Point the front door at the recovered database" passed'
  sleep 25
  power_is db-1 off || fail "db-1 got its power back: split brain"
  expect "clients are served by dr-1" served_by 10.231.77.31
  recover_run 0
  expect_words "ABORTED, changed"
  expect_words "node.kill on db-1 is held"
  expect_all "nothing was reverted" "$(json '$.verdict.state') = changed" "$(recorded effect.reverting) = 0"
  power_is db-1 off || fail "recover gave db-1 its power back"
  expect "clients are still served by dr-1" served_by 10.231.77.31
  no_effect_on dr-1 || fail "an effect or a lock is left on dr-1"
  no_effect_on_controller || fail "an effect is left on the controller"
}

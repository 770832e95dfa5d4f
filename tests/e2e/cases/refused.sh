# Drills that do not begin, or that tested nothing.
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

# expect_not_run WHY: and not even an intent stands in the record.
expect_not_run() {
  expect_verdict 5 NOT_RUN clean
  expect_words "$1"
  expect_all "nothing was announced, nothing begun" "$(recorded effect.intent) = 0" "$(recorded run.began) = 0"
}

case_preflight_refuses() {
  on_node dr-1 'install -d -m 700 /run/muster
    boot=$(cat /proc/sys/kernel/random/boot_id)-$(sed "s/.*) //" /proc/1/stat | cut -d " " -f 20)
    printf "%s\n" run=20260101-000000-abcdef store=another who=unix:bo drill=bos-drill "boot_id=$boot" \
      until_cs=999999999 >/run/muster/lock'
  run_drill quick-loss
  expect_not_run "dr-1 is locked by run 20260101-000000-abcdef of unix:bo (bos-drill)"
  expect "the foreign lock is still there" on_node dr-1 'grep -q 20260101-000000-abcdef /run/muster/lock'
  on_node dr-1 'rm /run/muster/lock && mv /usr/bin/pgbackrest /usr/bin/pgbackrest.away'
  run_drill quick-loss
  expect_not_run 'dr-1 has no `pgbackrest`'
  on_node dr-1 'mv /usr/bin/pgbackrest.away /usr/bin/pgbackrest'
  "$MUSTER" lab power down dr-1
  run_drill quick-loss
  expect_not_run "dr-1 cannot be asked"
  power_is db-1 on || fail "db-1 lost its power"
  nothing_left db-1
  expect "clients are served as before" served_by 10.231.77.11
}

case_kill_ineffective() {
  edit inventory/lab.yaml 's|down: \[.*\]|down: [/bin/true]|'
  run_drill quick-loss
  expect_verdict 4 INVALID clean
  power_is db-1 on || fail "db-1 lost its power"
  expect_all "it did not go on" "$(recorded restore.phase) = 0" "$(recorded step.no_return) = 0"
  nothing_left db-1
  nothing_left dr-1
  no_effect_on_controller || fail "an effect is left on the controller"
  expect "clients are served as before" served_by 10.231.77.11
}

case_two_runs_at_once() {
  start_drill gate
  await_words "May it begin?"
  first=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' "$OUT")
  code=0
  muster run --no-input newest >"$W/second" 2>&1 || code=$?
  cat "$W/second"
  [ "$code" = 5 ] || fail "the second run ended with $code, expected 5"
  expect_words "the store is held by pid $PID" "$W/second"
  expect_words "run --no-input gate" "$W/second"
  expect_words "run $first of gate" "$W/second"
  muster runs | grep -F "$first" | grep -qF OPEN || fail "the list of runs does not say that it goes on"
  muster show >"$W/show"
  expect_words "gate" "$W/show"
  muster step ack gate
  muster step note gate "the second run was refused" --who "the test" --at -1s
  muster step list >"$W/list"
  expect_words '"May it begin" waits for operator (dba)' "$W/list"
  expect_words "seen by unix:" "$W/list"
  muster step hand dba colleague --reason "the test wants to see it"
  muster step list >"$W/list"
  expect_words '"May it begin" waits for colleague (dba)' "$W/list"
  muster step answer gate nonsense=1 && fail "an answer that nobody asked for was taken"
  muster abort --reason "the test has seen enough"
  join
  expect_verdict 5 ABORTED clean
  expect_words "the test has seen enough"
  expect_all "what people did is recorded" "$(recorded role.assumed) = 2" "$(recorded note) = 1" \
    "$(recorded request) = 2"
  [ "$(json '$.steps[0].acts[0].not_checked')" = "operator has no unix user in people.yaml" ] ||
    fail "the report does not say that it was not checked"
  muster abort && fail "there was something to abort"
  nothing_left db-1
}

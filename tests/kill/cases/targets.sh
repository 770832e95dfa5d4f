# The hosts: held by another controller, another one than it was, out of reach. All is refused before any effect.
# shellcheck shell=sh disable=SC2016,SC2034,SC2154

# refused CODE WORDS: the run did not begin, and nothing was done.
refused() {
  expect_code "$1"
  expect_words "$2"
  RUN=$(run_id)
  [ "$(recorded effect.injecting)" = 0 ] || fail "something was injected"
  expect_whole
}
run_drill() {
  CODE=0
  muster run --no-input "$1" >"$OUT" 2>&1 </dev/null || CODE=$?
  cat "$OUT"
}

case_second_controller() {
  start_run long
  await_words "command on here: ACTIVE"
  first=$PID mine=$MUSTER_STATE
  MUSTER_STATE=$folder/other-state OUT=$folder/other-out
  run_drill sweep
  expect_code 5
  expect_words "locked by run"
  RUN=$(run_id)
  [ "$(recorded effect.intent)" = 0 ] || fail "the second controller announced something"
  MUSTER_STATE=$mine OUT=$folder/out PID=$first
  [ -n "$(broken)" ] || fail "the first one's faults are gone"
  kill -INT "$PID"
  join_run
  expect_code 5
  expect_whole
  expect_nothing_left
}

case_same_machine_twice() {
  cat >"$W/inventory/hosts.yaml" <<'END'
all: {hosts: {here: {muster_connection: local, muster_environment: lab}, there: {muster_connection: local, muster_environment: lab}}}
END
  cat >"$W/drills/two.yaml" <<'END'
drill: two
owner: operator
targets: {both: all}
steps:
  - {name: A mark is set, id: mark, run: [touch, /run/room/mark], target: both, undo: [rm, -f, /run/room/mark]}
END
  run_drill two
  refused 5 "are the same machine"
}

# A failover between preflight and the fault: the host is no longer the primary.
case_role_moved() {
  cat >"$W/inventory/hosts.yaml" <<'END'
all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}
END
  cat >"$W/drills/role.yaml" <<'END'
drill: role
owner: operator
targets: {primary: {one_of: all, where: {command: [test, -e, /run/room/primary]}}}
steps:
  - {name: A moment, pause: 2s}
  - {name: A mark is set, id: hang, inject: process.pause, target: primary, with: {command: the-victim}}
END
  touch /run/room/primary
  start_run role
  await_words 'step 1 "A moment" started'
  rm /run/room/primary
  join_run
  [ "$CODE" != 0 ] || fail "it passed"
  [ "$(recorded effect.injecting)" = 0 ] || fail "something was injected"
  expect_whole
  expect_nothing_left
}

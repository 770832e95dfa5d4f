#!/bin/sh
# guardrails.sh MUSTER: guardrails by the very binary that users run, with this machine as the one host, in namespaces
# of its own: refused before, stopped within, spoilt by a forced sweep. Needs root, or is counted as skipped.
set -eu
# shellcheck source=tests/cli/namespaces.sh
. "$(dirname "$0")/namespaces.sh"
# What others restored to this machine is none of it.
[ ! -d /var/lib/muster-restore ] || mount -t tmpfs tmpfs /var/lib/muster-restore

cat >"$W/inventory/hosts.yaml" <<'END'
all:
  vars: {muster_environment: lab}
  children:
    pair: {hosts: {here: {muster_connection: local}, there: {ansible_host: 127.0.0.1, ansible_port: 1}}}
END
# drill NAME GUARDRAILS: it leaves a file, and rests.
drill() {
  cat >"$W/drills/$1.yaml" <<END
drill: $1
owner: ana
targets: {it: here}
guardrails: $2
steps:
  - {run: [touch, /tmp/broken], undo: [rm, -f, /tmp/broken], target: it}
  - {pause: 1m}
END
}

# The plan spells out who is counted and what is watched.
drill flag '{at_most: 1, abort_if: [{command: [test, -e, /tmp/flag], name: the flag, every: 500ms, timeout: 500ms, fails_for: 2s}]}'
code 0 muster plan flag
says "at most the drill's targets: 1 (no more than 1 of 1: here), by the drill (drills/flag.yaml:4:"
says 'abort if "the flag" does not hold for 2s: '

# What is hurt before the first effect: nothing is touched.
code 5 timeout 60 /mnt/muster -C "$W" run flag
says 'NOT_RUN'
says 'guardrail "the flag" does not hold'
[ ! -e /tmp/broken ] || fail "something was done although the guardrail did not hold"

# It holds, and then no more: stopped and undone, with the reason.
touch /tmp/flag
(
  await 20 test -e /tmp/broken
  rm /tmp/flag
) &
code 5 timeout 60 /mnt/muster -C "$W" run flag
wait $!
says 'ABORTED'
says 'guardrail "the flag" did not hold for 2s'
says 'guardrail the flag did not hold for too long: THE DRILL IS STOPPED'
[ ! -e /tmp/broken ] || fail "it was not undone"
code 0 muster audit verify
rm "$W/drills/flag.yaml"

# The other one of the pair cannot be asked, so it is down: one more may not be hit.
drill keep '{keep: {pair: 1 healthy}}'
code 5 timeout 90 /mnt/muster -C "$W" run keep
says 'guardrail keep of pair: 1 healthy (the drill, drills/keep.yaml:4:'
says 'with here hit, 0 of 2 would be healthy; down already: there'
[ ! -e /tmp/broken ] || fail "something was done although too few would have been healthy"
rm "$W/drills/keep.yaml"

# A person takes a live run's effect away from another terminal: the run notices, and passes for nothing.
drill swept '{max_duration: 5m}'
timeout 120 /mnt/muster -C "$W" run swept >/tmp/first 2>&1 </dev/null &
run=$!
await 20 test -e /tmp/broken
await 20 grep -qF 'ACTIVE, proven' /tmp/first
code 0 muster sweep here --revert --yes --force --reason "it looked like a leftover"
[ ! -e /tmp/broken ] || fail "the sweep left it"
got=0
wait "$run" || got=$?
cp /tmp/first /tmp/second
[ "$got" = 4 ] || fail "the run that was swept ended with $got, expected 4 (INVALID)"
says 'INVALID'
says 'was not seen to its end: here has forgotten it'

echo "guardrails of the real binary: all as told"

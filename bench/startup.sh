#!/bin/sh
# From typing `muster run` to the first step of the drill, on this machine alone (a target over `local`).
# Command: bench/startup.sh MUSTER [ROUNDS]. Limit in the same run: what must happen before that step in any
# case, as bare commands: one shell for the target, and one synced write for each batch of the record.
set -eu
muster=$1 rounds=${2:-10}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/w/drills" "$dir/w/inventory" "$dir/w/playbooks"
printf 'all:\n  hosts:\n    here: {muster_connection: local, muster_environment: lab}\n' >"$dir/w/inventory/hosts.yaml"
printf 'people:\n  me: {name: Me, unix: root}\n' >"$dir/w/inventory/people.yaml"
cat >"$dir/w/drills/nothing.yaml" <<'END'
drill: nothing
title: Nothing
owner: me
targets: {here: here}
steps:
  - name: The target answers
    check: {command: ["true"], on_host: here}
END
export MUSTER_STATE="$dir/state"
now() { date +%s%N; }
ours=0 limit=0 batches=0 i=0
while [ "$i" -lt "$rounds" ]; do
  start=$(now)
  at=$("$muster" -C "$dir/w" run nothing --json --no-input | sed -n '/step.started/{s/.*"ts":"\([^"]*\)".*/\1/p;q;}')
  ours=$((ours + $(date -d "$at" +%s%N) - start))
  batches=6 # opened twice, preflight, targets, began, started: what the record syncs before the step
  start=$(now)
  sh -c : && n=0
  while [ "$n" -lt "$batches" ]; do
    dd if=/dev/zero of="$dir/synced" bs=4096 count=1 oflag=dsync conv=notrunc 2>/dev/null
    n=$((n + 1))
  done
  limit=$((limit + $(now) - start))
  i=$((i + 1))
done
printf 'start-up to first step: %d ms; limit (a shell and %d synced writes): %d ms; ratio %d.%02d (%d rounds)\n' \
  $((ours / rounds / 1000000)) "$batches" $((limit / rounds / 1000000)) $((ours / limit)) $((ours * 100 / limit % 100)) "$rounds"

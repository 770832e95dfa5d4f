#!/bin/sh
# no_host.sh MUSTER: drills that touch no host, whole: plan, run, and the record that they leave.
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
w=$room/w
"$muster" init "$w" >/dev/null
cat >"$w/drills/hello.yaml" <<'END'
drill: hello
owner: me
steps: [{tell: hello}, {mark: said}]
END

# What is not there leaves no gap.
status 0 "$muster" -C "$w" plan hello
[ "$(sed -n 1p "$room/out")" = "PLAN hello" ] || wrong "the plan begins with '$(sed -n 1p "$room/out")'"
sed -n 2p "$room/out" | grep -q '^  hash sha256:' || wrong "the plan's hash does not stand beneath its name"
lacks TARGETS "$room/out"
lacks OBJECTIVES "$room/out"
hash=$(sed -n 's/^  hash sha256://p' "$room/out")

# Only that plan: enough digits of its hash, as it is printed or without its kind.
status 2 "$muster" -C "$w" run --plan "$(printf %.11s "$hash")" hello
# shellcheck disable=SC2016 # a message's quotes
holds '`--plan` needs at least 12 digits of the hash' "$room/out"
status 2 "$muster" -C "$w" run --plan "" hello
holds 'needs at least 12 digits' "$room/out"
status 2 "$muster" -C "$w" run --plan 000000000000 hello
holds "the plan is $(printf %.16s "$hash"), not 000000000000" "$room/out"

# It ends by itself. Nothing was measured, so it cannot say more than that.
status 3 timeout 60 "$muster" -C "$w" run --plan "sha256:$hash" hello
holds "INCONCLUSIVE" "$room/out"
holds "targets: none" "$room/out"
status 3 timeout 60 "$muster" -C "$w" run --plan "$(printf %.12s "$hash")" hello
status 0 "$muster" -C "$w" show
holds "INCONCLUSIVE" "$room/out"
status 0 "$muster" -C "$w" report
run=$("$muster" -C "$w" runs | tail -n 1 | cut -d ' ' -f 1)

# A run that is not there is not intact.
status 0 "$muster" -C "$w" audit verify "$run"
holds "INTACT      run/$run" "$room/out"
[ "$(grep -c ' run/' "$room/out")" = 1 ] || wrong "audit verify of one run looked at others"
status 0 "$muster" -C "$w" audit verify
[ "$(grep -c '^INTACT' "$room/out")" = 3 ] || wrong "audit verify does not show the workspace's log and two runs"
status 2 "$muster" -C "$w" audit verify 2020-typo
holds "there is no run '2020-typo'" "$room/out"
lacks intact "$room/out"

# A host that cannot be asked is named once, with why, and nothing was touched.
sed 's/ansible_host: 192.0.2.10 /ansible_host: 127.0.0.1\n      ansible_port: 1 /' "$w/inventory/hosts.yaml" >"$room/hosts.yaml"
cp "$room/hosts.yaml" "$w/inventory/hosts.yaml"
status 5 timeout 60 "$muster" -C "$w" run --no-input restore-test
holds "nothing was touched: preflight: example-staging-host cannot be asked: its host key is not known here" "$room/out"

# A variable that is not set: what the message advises is right.
cat >"$w/inventory/secrets.yaml" <<'END'
secrets: {token: {env: MUSTER_TEST_TOKEN}}
END
cat >"$w/drills/secret.yaml" <<'END'
drill: secret
owner: me
targets: {on: example-staging-host}
steps: [{run: [cat], stdin: "${secret.token}", undo: ["true"], target: on}]
END
status 5 env -u MUSTER_TEST_TOKEN "$muster" -C "$w" run secret
# shellcheck disable=SC2016 # a message's quotes
holds 'set it for this command: `MUSTER_TEST_TOKEN="$(cat FILE)" muster …`' "$room/out"

# In the plan lists stand as a playbook has them, and the commands of the power in full.
cat >"$w/inventory/hosts.yaml" <<'END'
all:
  vars: {muster_environment: lab}
  hosts:
    node-1:
      muster_power: {down: [ipmi, node-1, "off"], up: [ipmi, node-1, "on"], status: [ipmi, "node 1"]}
    copy-1: {muster_protected: true}
    copy-2:
END
rm "$w/drills/secret.yaml" "$w/drills/restore-test.yaml"
cat >"$w/drills/power.yaml" <<'END'
drill: power
owner: me
targets: {node: node-1, copy: copy-2}
steps:
  - {inject: node.kill, target: node}
  - {inject: network.partition, target: copy, with: {peers: [10.0.0.1, 10.0.0.2], ports: [5432]}}
  - {restore: pgbackrest, target: copy, with: {stanza: main, validate: [structure, {query: "select true"}]}}
END
status 0 "$muster" -C "$w" plan power
holds "the power of node-1, by commands on controller:" "$room/out"
holds "down: ipmi node-1 off" "$room/out"
holds "up: ipmi node-1 on" "$room/out"
holds "status: ipmi 'node 1'" "$room/out"
holds "peers = [10.0.0.1, 10.0.0.2]" "$room/out"
holds "ports = [5432]" "$room/out"
holds "validate = [structure, 'query:select true']" "$room/out"
lacks "_count" "$room/out"
lacks "_0 =" "$room/out"
status 0 "$muster" -C "$w" hosts
holds "lab, protected" "$room/out"

finish "drills that touch no host"

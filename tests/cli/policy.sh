#!/bin/sh
# policy.sh MUSTER: approvals and signed actions by the real binary and the real ssh-keygen, on a drill that touches
# no host that is there: two people approve, an edit voids it, and everything that must not count does not. At the
# end a stranger verifies what was approved with ssh-keygen alone.
# shellcheck disable=SC2317 # functions that `status` calls
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs ssh-keygen jq
w=$room/w
unset SSH_AUTH_SOCK
export HOME="$room/home"
mkdir -p "$w/drills" "$w/inventory" "$HOME/.ssh" "$room/keys"
for who in ana bo chen eve; do
  ssh-keygen -q -t ed25519 -N '' -C "$who@laptop" -f "$room/keys/$who"
done
key_of() { cut -d ' ' -f 1,2 "$room/keys/$1.pub"; }
me=$(id -un)
people() { # people ANA'S-KEY
  cat >"$w/inventory/people.yaml" <<END
people:
  ana: {name: Ana Silva, unix: $me, teams: [sre], ssh_key: "$1"}
  bo: {name: Bo, teams: [sre], ssh_key: "$(key_of bo)"}
  chen: {name: Chen, teams: [dba], ssh_key: "$(key_of chen)"}
  eve: {name: Eve, teams: [web], ssh_key: "$(key_of eve)"}
END
}
people "$(key_of ana)"
cat >"$w/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here: {muster_connection: local}
END
cat >"$w/inventory/policy.yaml" <<'END'
policy:
  production: {approvals: {need: 2, from: [sre, dba], valid: 7d}, deny: [node.kill, "disk.*"]}
END
cat >"$w/drills/hello.yaml" <<'END'
drill: hello
owner: ana
targets: {it: here}
steps: [{tell: hello}]
END
approve() { # approve PERSON WORDS…
  who=$1
  shift
  "$muster" -C "$w" approve hello --as "$who" --key "$room/keys/$who" "$@"
}

# The plan tells what is demanded; nobody has approved: who is missing, and the command that gives it.
status 0 "$muster" -C "$w" plan hello
holds "production: 2 of sre, dba approve it, each for up to 7d; denied: node.kill, disk.*" "$room/out"
hash=$(sed -n 's/^  hash sha256://p' "$room/out")
short=$(printf %.16s "$hash")
status 5 "$muster" -C "$w" run hello
holds "the policy of production wants 2 of sre, dba to approve this plan, and nobody has" "$room/out"
holds "2 of bo, chen: muster approve hello --plan $short" "$room/out"
status 0 "$muster" -C "$w" runs
lacks hello "$room/out"

# Who starts it approves nothing; nor does who is in another team, has another key, or is nobody.
status 0 approve ana
status 0 approve bo --plan "$hash" --note "CHG-4711"
holds "bo approves plan $short of hello, until " "$room/out"
status 5 "$muster" -C "$w" run hello
holds "ana starts it, and nobody approves what they start" "$room/out"
holds "1 of chen: muster approve hello" "$room/out"
status 2 approve eve
holds "the policy wants no approval of eve for this plan" "$room/out"
status 1 "$muster" -C "$w" approve hello --as chen --key "$room/keys/eve"
holds "what signed is not the key of chen in people.yaml" "$room/out"
status 2 approve zoe
holds "there is no person zoe" "$room/out"
status 2 approve chen --plan 000000000000
status 2 approve chen --expires 8d
holds "the policy allows up to 7d" "$room/out"
status 0 "$muster" -C "$w" approve --list
holds "hello  plan $short: approved, but not for ana to start" "$room/out"
holds "ana starts it, and nobody approves what they start" "$room/out"
status 0 "$muster" -C "$w" approve --list hello
holds "hello  plan $short: approved" "$room/out"
status 2 "$muster" -C "$w" approve --list nosuch
holds nosuch "$room/out"
lacks "No policy" "$room/out"
echo 'drill: [' >"$w/drills/broken.yaml"
status 2 "$muster" -C "$w" approve --list
holds broken.yaml "$room/out"
holds "hello  plan $short: approved" "$room/out"
mv "$w/drills/hello.yaml" "$room/"
status 2 "$muster" -C "$w" approve --list
lacks "No policy" "$room/out"
mv "$room/hello.yaml" "$w/drills/"
rm "$w/drills/broken.yaml"

# Nobody takes back what they never gave.
status 1 approve chen --withdraw
holds "chen has not approved plan $short of hello, as its files are now: nothing is taken back" "$room/out"
holds "no plan carries an approval of theirs that is still good" "$room/out"

# Two others have: it runs, and the record, the report and `show` say on whose word.
status 0 approve chen --expires 1h
status 0 "$muster" -C "$w" approve --list --json
[ "$(jq -r '.[0].demands[0].approved | map(.person) | join(",")' "$room/out")" = ana,bo,chen ] ||
  wrong "the list does not tell who approved: $(cat "$room/out")"
run_it() { timeout 60 "$muster" -C "$w" run "$@"; }
status 3 run_it hello
status 0 "$muster" -C "$w" show
holds "Approved by bo, chen" "$room/out"
run=$("$muster" -C "$w" runs | tail -n 1 | cut -d ' ' -f 1)
grep -q '"person": "bo"' "$w/reports/hello/$run/report.json" || wrong "the report does not tell who approved"
grep -q 'Approved by' "$w/reports/hello/$run/report.html" || wrong "the page does not tell who approved"
status 0 "$muster" -C "$w" audit verify

# Taken back; given once more. What ran out does not count.
status 0 approve bo --withdraw
status 5 run_it hello
holds "that of bo was withdrawn" "$room/out"
status 0 approve bo --expires 1s
sleep 1.1
status 5 run_it hello
holds "that of bo ran out at" "$room/out"
status 0 approve bo
status 3 run_it hello

# An edit of the drill, or of an approver's key, makes another plan, which nobody has approved.
sed -i 's/tell: hello/tell: hello again/' "$w/drills/hello.yaml"
status 5 run_it hello
holds "nobody has" "$room/out"
status 1 approve bo --withdraw
holds "what they approved and is still good: plan $short of hello" "$room/out"
sed -i 's/tell: hello again/tell: hello/' "$w/drills/hello.yaml"
status 3 run_it hello
sed -i "s#$(key_of chen)#$(key_of eve)#; /^  eve:/d" "$w/inventory/people.yaml"
status 5 run_it hello
holds "nobody has" "$room/out"
people "$(key_of ana)"

# The policy denies: refused before anything is planned.
sed 's/hello/break/; s/{tell: break}/{inject: disk.fill, target: it, with: {path: \/tmp, size: 1MiB}}/' "$w/drills/hello.yaml" >"$w/drills/break.yaml"
status 2 "$muster" -C "$w" check
# shellcheck disable=SC2016 # a message's quotes
holds 'the policy of production denies disk.fill (`disk.*`)' "$room/out"
status 2 run_it break --allow-production
rm "$w/drills/break.yaml"

# A signed start, where the policy wants one: by its signer, whoever carries it.
sed -i 's/valid: 7d}/valid: 7d}, assurance: signed-key/' "$w/inventory/policy.yaml"
status 0 approve bo
status 0 approve chen
status 5 run_it hello
holds "the start to be signed with your SSH key" "$room/out"
holds "muster run hello --sign" "$room/out"
status 5 run_it hello --sign
holds "the key of ana in people.yaml is not in ~/.ssh, and there is no agent" "$room/out"
cp "$room/keys/ana" "$room/keys/ana.pub" "$HOME/.ssh/"
status 3 run_it hello --sign
run=$("$muster" -C "$w" runs | tail -n 1 | cut -d ' ' -f 1)
"$muster" -C "$w" audit log "$run" --json --names | head -n 1 >"$room/opened"
[ "$(jq -r '.actor.principal + " " + .actor.assurance' "$room/opened")" = "person:ana signed-key" ] ||
  wrong "run.opened does not say who signed: $(cat "$room/opened")"

# A stranger, years later, with the record and ssh-keygen: as docs/policy.md tells it.
verify() { # verify PERSON NAMESPACE
  printf '%s %s\n' "$1" "$(key_of "$1")" >"$room/allowed_signers"
  ssh-keygen -Y verify -f "$room/allowed_signers" -I "$1" -n "$2" -s "$room/signature" <"$room/signed"
}
jq -j '.data.approvals[0].signed' "$room/opened" >"$room/signed"
jq -j '.data.approvals[0].signature' "$room/opened" >"$room/signature"
status 0 verify bo muster-v1
holds 'Good "muster-v1" signature for bo' "$room/out"
[ "$(jq -r .plan "$room/signed")" = "$(jq -r .data.plan "$room/opened")" ] || wrong "another plan was approved than was run"
status 255 verify chen muster-v1
status 255 verify bo git
printf ' ' >>"$room/signed"
status 255 verify bo muster-v1

finish "policy, approvals and signatures"

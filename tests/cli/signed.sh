#!/bin/sh
# signed.sh MUSTER: signed actions in a run that goes on, by the real binary and the real ssh-keygen: two people sign
# that the drill goes on; copies, forgeries, other namespaces and other words are refused at the socket.
# shellcheck disable=SC2317 # functions that `status` calls
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs ssh-keygen jq curl
w=$room/w
unset SSH_AUTH_SOCK
mkdir -p "$w/drills" "$w/inventory" "$room/keys"
{
  echo "people:"
  for who in ana:sre bo:sre chen:dba eve:web; do
    ssh-keygen -q -t ed25519 -N '' -f "$room/keys/${who%:*}"
    printf '  %s: {name: %s, teams: [%s], ssh_key: "%s"}\n' "${who%:*}" "${who%:*}" "${who#*:}" \
      "$(cut -d ' ' -f 1,2 "$room/keys/${who%:*}.pub")"
  done
} >"$w/inventory/people.yaml"
cat >"$w/inventory/hosts.yaml" <<'END'
all:
  hosts:
    here: {muster_connection: local}
END
cat >"$w/inventory/policy.yaml" <<'END'
policy: {production: {assurance: signed-key}}
END
cat >"$w/drills/gate.yaml" <<'END'
drill: gate
owner: ana
targets: {it: here}
roles: {scribe: {holder: chen}}
steps:
  - {id: go, approve: {from: [sre, dba], need: 2}, say: "Clients go to the copy", within: 60s}
  - {tell: on}
END
as() { # as PERSON WORDS…: signed with their key
  who=$1
  shift
  "$muster" -C "$w" "$@" --as "$who" --key "$room/keys/$who"
}
as ana run gate --no-input >"$room/run.out" 2>&1 &
run=$!
trap 'kill "$run" 2>/dev/null || :; rm -rf "$room"' EXIT
for _ in $(seq 100); do
  "$muster" -C "$w" step list >"$room/out" 2>&1 && grep -q '^go ' "$room/out" && break
  sleep 0.1
done
holds 'waits for 2 to sign, of sre, dba' "$room/out"
holds 'muster step approve go' "$room/out"

# Each counts once; who started it does not count, nor who is in another team or has another key.
status 0 as bo step approve go --reason "looks good"
status 1 as bo step approve go
holds "bo has approved step 'go' already" "$room/out"
status 1 as ana step approve go
holds "ana started this run, and nobody approves what they started" "$room/out"
status 1 as eve step approve go
holds "eve is not one of this drill's people" "$room/out"
status 1 "$muster" -C "$w" step approve go --as chen --key "$room/keys/eve"
holds "what signed is not the key of chen in people.yaml" "$room/out"
status 0 "$muster" -C "$w" step list
holds "signed by bo at" "$room/out"

# What the operating system says is not enough here.
status 1 "$muster" -C "$w" step note "customers are calling"
holds "the policy of this drill wants it signed with your SSH key" "$room/out"
status 0 as chen step note "customers are calling"

# At the socket, by hand: what is signed must be what is asked, now, for Muster, and for the first time.
socket=$(find "$MUSTER_STATE" -name muster.sock)
id=$(curl -s --unix-socket "$socket" http://muster/v1/status | jq -r ".runs[0].run")
target=/v1/runs/$id/notes
store=$("$muster" -C "$w" audit log "$id" --json | jq -r 'select(.action == "run.opened") | .data.store')
statement() { # statement TEXT [AT]: what is signed for a note of chen's
  jq -ncSj --arg t "POST $target" --arg text "$1" --arg at "${2-$(date -u +%FT%T.%6NZ)}" \
    --arg nonce "$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')" \
    --arg store "$store" \
    '{muster: "request", person: "chen", at: $at, nonce: $nonce, store: $store, target: $t, body: {text: $text}}'
}
note() { # note TEXT [KEY [NAMESPACE]]: the body of a request that says TEXT, of what stands in $room/signed
  ssh-keygen -q -Y sign -f "$room/keys/${2-chen}" -n "${3-muster-v1}" <"$room/signed" >"$room/signature"
  jq -n --arg text "$1" --rawfile signed "$room/signed" --rawfile signature "$room/signature" \
    '{text: $text, signature: {signed: $signed, signature: $signature}}' >"$room/body"
}
sent() { # sent STATUS: what stands in $room/body is answered so
  got=$(curl -s -o "$room/out" -w '%{http_code}' --unix-socket "$socket" -H 'Content-Type: application/json' \
    --data-binary "@$room/body" "http://muster$target")
  [ "$got" = "$1" ] || wrong "answered $got, not $1: $(cat "$room/out")"
}
statement "by hand" >"$room/signed"
note "by hand"
sent 202
sent 409
holds "a copy" "$room/out"
statement "other words" >"$room/signed"
note "than these"
sent 400
holds "another request than this one" "$room/out"
right=$store store=0123456789abcdef0123456789abcdef
statement "elsewhere" >"$room/signed"
store=$right
note "elsewhere"
sent 400
holds "signed for another record" "$room/out"
statement "forged" >"$room/signed"
note "forged" eve
sent 409
holds "not one of chen" "$room/out"
statement "for git" >"$room/signed"
note "for git" chen git
sent 409
holds "not one of chen" "$room/out"
statement "late" "$(date -u -d '-6 minutes' +%FT%T.%6NZ)" >"$room/signed"
note "late"
sent 409
holds "sign it now" "$room/out"

# The second signature: it goes on. The record has both, and what was refused has left no trace.
status 0 as chen step approve go
got=0
wait "$run" || got=$?
[ "$got" = 3 ] || wrong "the run ended with $got: $(cat "$room/run.out")"
"$muster" -C "$w" audit log "$id" --json --names >"$room/log"
[ "$(jq -r 'select(.data.what == "approve") | .actor.principal + " " + .actor.method' "$room/log" | tr '\n' ',')" = \
  "person:bo signature,person:chen signature," ] || wrong "the record does not tell who signed"
[ "$(jq -r 'select(.action == "note") | .data.text' "$room/log" | tr '\n' ',')" = "customers are calling,by hand," ] ||
  wrong "the notes of the record are others"
lacks forged "$room/log"

finish "signed actions"

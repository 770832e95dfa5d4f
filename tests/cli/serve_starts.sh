#!/bin/sh
# serve_starts.sh MUSTER: what a server looks at in the last moment: a calendar outside of inventory/ that changed just
# now, a run that begins to answer only while the server is being ended, and a start that was signed before the server
# was there. Its drills touch no host.
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
needs ssh-keygen jq curl
w=$room/w
server=
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || :; rm -rf "$room"' EXIT
unset SSH_AUTH_SOCK
mkdir -p "$w/drills" "$w/inventory"
ssh-keygen -q -t ed25519 -N '' -f "$room/key"
printf 'all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}\n' >"$w/inventory/hosts.yaml"
printf 'people: {chen: {name: Chen, ssh_key: "%s"}}\n' "$(cut -d ' ' -f 1,2 "$room/key.pub")" >"$w/inventory/people.yaml"
printf 'calendars: {changes: {file: %s/changes.ics, fresh_for: 1d}}\n' "$room" >"$w/inventory/calendars.yaml"
# shellcheck disable=SC2016 # Muster fills it in
printf 'secrets: {slow: {command: [sh, -c, "sleep 4; echo a-long-secret"]}, none: {command: ["false"]}}\n' >"$w/inventory/secrets.yaml"
drill() { # drill NAME: the rest comes from stdin
  {
    printf 'drill: %s\nowner: chen\nroles: {lead: {holder: chen}}\n' "$1"
    cat
  } >"$w/drills/$1.yaml"
}
drill minutely <<'END'
schedule: {cron: "* * * * *", timezone: UTC, freeze: [changes]}
steps: [{check: {command: ["true"]}}]
END
drill slow <<'END'
schedule: {cron: "0 0 1 1 *", timezone: UTC, freeze: none}
steps:
  - pause: 10m
  - check: {http: {url: "http://127.0.0.1:9/${secret.slow}", status: 200}}
END
drill secretless <<'END'
schedule: {cron: "0 0 1 1 *", timezone: UTC, freeze: none}
steps: [{check: {http: {url: "http://127.0.0.1:9/${secret.none}", status: 200}}}]
END
drill quick <<'END'
schedule: {cron: "0 0 1 1 *", timezone: UTC, freeze: none}
steps: [{check: {command: ["true"]}}]
END
calendar() { # calendar [FROM TO]: what is frozen; written whole, as a fetch does it
  {
    printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//x//y//EN
    [ $# = 0 ] || printf '%s\r\n' BEGIN:VEVENT UID:1 DTSTAMP:20260101T000000Z "SUMMARY:Year end" "DTSTART:$1" "DTEND:$2" END:VEVENT
    printf '%s\r\n' END:VCALENDAR
  } >"$room/changes.new"
  mv "$room/changes.new" "$room/changes.ics"
}
await() { # await SECONDS TEXT: until the server has said it
  for _ in $(seq $(($1 * 10))); do
    grep -qF -- "$2" "$room/serve.out" && return
    sleep 0.1
  done
  wrong "the server did not say '$2':"
  cat "$room/serve.out"
  exit 1
}
serve() {
  : >"$room/serve.out"
  "$muster" -C "$w" serve >>"$room/serve.out" 2>&1 &
  server=$!
  await 30 "Serving $w"
}

# A signature of before the server was there: what an earlier process let through is not known to it.
calendar
status 0 "$muster" -C "$w" run quick --no-input
store=$("$muster" -C "$w" audit log "$("$muster" -C "$w" runs --json | jq -r .run)" --json |
  jq -r 'select(.action == "run.opened") | .data.store')
start() { # start SIGNED: `quick`, in the words of that file
  ssh-keygen -q -Y sign -f "$room/key" -n muster-v1 <"$1" >"$room/signature"
  jq -n --rawfile signed "$1" --rawfile signature "$room/signature" \
    '{signature: {signed: $signed, signature: $signature}}' >"$room/body"
  curl -s -o "$room/out" -w '%{http_code}' --unix-socket "$(find "$MUSTER_STATE" -name muster.sock)" \
    -H 'Content-Type: application/json' --data-binary "@$room/body" http://muster/v1/drills/quick/start
}
says_start() { # says_start FILE STORE: that it is to be started is said now
  jq -ncSj --arg at "$(date -u +%FT%T.%6NZ)" --arg nonce "$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')" --arg store "$2" \
    '{muster: "request", person: "chen", at: $at, nonce: $nonce, store: $store, target: "POST /v1/drills/quick/start", body: {}}' >"$1"
}
says_start "$room/before" "$store"
sleep 0.1
serve
[ "$(start "$room/before")" = 409 ] || wrong "a start that was signed before the server was there: $(cat "$room/out")"
holds "signed before this server began" "$room/out"
says_start "$room/elsewhere" 0123456789abcdef0123456789abcdef
[ "$(start "$room/elsewhere")" = 400 ] || wrong "a start that was signed for another record: $(cat "$room/out")"
says_start "$room/now" "$store"
[ "$(start "$room/now")" = 202 ] || wrong "a start that is signed now is refused: $(cat "$room/out")"
[ "$(start "$room/now")" = 409 ] || wrong "a copy of a start is taken: $(cat "$room/out")"

# Begun by word and not in fact, since a secret is missing: who follows it is told, and does not wait for ever.
status 5 timeout 30 "$muster" -C "$w" run secretless --no-input
holds "nothing was begun: the secret \`none\`" "$room/out"
lacks "disk" "$room/out"

# The calendar alone changes, outside of the folders that a server watches, a moment before the minute.
count() { "$muster" -C "$w" runs --json | grep -c '"drill":"minutely"' || :; }
sleep $(((118 - $(date +%-S)) % 60)) # until second 58
calendar "$(date -u -d -1day +%Y%m%dT%H%M%SZ)" "$(date -u -d +1day +%Y%m%dT%H%M%SZ)"
before=$(count)
: >"$room/serve.out"
await 20 "minutely is due, and waits: frozen: changes: Year end"
[ "$(count)" = "$before" ] || wrong "it was started in a freeze that had begun"
calendar
await 20 "minutely is due: "
await 20 "minutely: run"

begin_slow() { # a run of `slow`, as $run, until the server has said that it is begun
  : >"$room/run.out"
  "$muster" -C "$w" run slow --no-input >"$room/run.out" 2>&1 &
  run=$!
  for _ in $(seq 100); do
    grep -q "in the server" "$room/run.out" && return
    sleep 0.1
  done
}

# A run that reads its secrets for so long that it can be asked nothing yet, as the server is told to end.
begin_slow
holds "in the server" "$room/run.out"
[ "$(curl -s --unix-socket "$(find "$MUSTER_STATE" -name muster.sock)" http://muster/v1/status | jq '.runs | length')" = 0 ] ||
  wrong "it answers already: nothing is tried here"
kill -TERM "$server"
for _ in $(seq 300); do
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
if kill -0 "$server" 2>/dev/null; then
  wrong "the server waits for a run that nobody stopped:"
  cat "$room/serve.out"
  exit 1
fi
server=
wait "$run" || :
holds "Ended: the process was told to end (SIGTERM)" "$room/serve.out"
status 0 "$muster" -C "$w" runs --json
[ "$(jq -r 'select(.drill == "slow") | .result + " " + .state' "$room/out")" = "ABORTED clean" ] || wrong "the run: $(cat "$room/out")"

# The same, and the server is killed: the run that it said it would begin was not begun.
serve
begin_slow
kill -KILL "$server"
wait "$server" 2>/dev/null || :
server=
got=0
wait "$run" || got=$?
[ "$got" = 5 ] || wrong "a run that was not begun ends with $got: $(cat "$room/run.out")"
holds "nothing was begun: the server ended before" "$room/run.out"
finish "a server's last moments"

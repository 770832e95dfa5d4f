#!/bin/sh
# Requests a second over TLS on loopback, and their latency: a run that is served (`GET /v1/status`, with a token)
# beside nginx in the same run, with one worker, the same certificate and the same answer.
# Command: bench/api_load.sh MUSTER [SECONDS]. Needs wrk, nginx, openssl, curl. As root in a mount namespace of its own.
set -eu
if [ -z "${LOAD_INSIDE-}" ]; then
  MUSTER=$(realpath "$1")
  export MUSTER LOAD_INSIDE=yes
  exec unshare -m sh "$0" "$MUSTER" "${2:-5}"
fi
mount -t tmpfs none /run
seconds=$2
dir=$(mktemp -d)
run="" proxy=""
finish() {
  [ -z "$run" ] || kill "$run" 2>/dev/null || :
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || :
  wait
  rm -rf "$dir"
}
trap finish EXIT
export MUSTER_STATE="$dir/state"
mkdir -p "$dir/w/drills" "$dir/w/inventory" "$dir/w/playbooks"
(
  cd "$dir"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key -out crt -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
  chmod 0600 key
)
printf 'all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}\n' >"$dir/w/inventory/hosts.yaml"
printf 'people: {ana: {name: Ana}}\n' >"$dir/w/inventory/people.yaml"
cat >"$dir/w/inventory/server.yaml" <<END
server:
  listen: 127.0.0.1:0
  connections_per_address: 64
  requests_per_second: 100000
  tls: {certificate: $dir/crt, key: $dir/key}
END
cat >"$dir/w/drills/waits.yaml" <<'END'
drill: waits
owner: ana
targets: {here: here}
roles: {dba: {holder: ana}}
steps:
  - {name: A command, run: ["true"], target: here, undo: ["true"]}
  - {name: Somebody decides, ask: dba, say: Well, within: 10m, late: proceed}
END
umask 077
"$MUSTER" -C "$dir/w" token new load --scope read >"$dir/token" 2>/dev/null
"$MUSTER" -C "$dir/w" run waits --no-input >"$dir/out" 2>&1 &
run=$!
n=0
until grep -q 'Well' "$dir/out"; do
  n=$((n + 1))
  [ "$n" -lt 200 ] || { cat "$dir/out"; exit 1; }
  sleep 0.1
done
ours=$(sed -n 's/.*served at \(https:[^ ]*\).*/\1/p' "$dir/out")
answer=$(printf 'header = "Authorization: Bearer %s"\n' "$(cat "$dir/token")" | curl -s --cacert "$dir/crt" -K - "$ours/v1/status")
cat >"$dir/nginx.conf" <<END
daemon off; worker_processes 1; pid $dir/pid; error_log /dev/null;
events {}
http {
  access_log off; client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:17421 ssl; ssl_certificate $dir/crt; ssl_certificate_key $dir/key; default_type application/json;
    location / { return 200 '$answer'; }
  }
}
END
chmod 0755 "$dir"
nginx -c "$dir/nginx.conf" >/dev/null 2>&1 &
proxy=$!
printf 'wrk.headers["Authorization"] = "Bearer %s"\n' "$(cat "$dir/token")" >"$dir/token.lua"
sleep 1
load() { # load URL: requests a second, and the 99th percentile
  wrk -t 1 -c 8 -d "${seconds}s" --latency -s "$dir/token.lua" "$1" >"$dir/wrk" 2>&1
  grep -q 'Non-2xx' "$dir/wrk" && { cat "$dir/wrk" >&2; exit 1; }
  printf '%s %s\n' "$(sed -n 's/^Requests\/sec: *\([0-9]*\).*/\1/p' "$dir/wrk")" "$(awk '$1 == "99%" { print $2 }' "$dir/wrk")"
}
# shellcheck disable=SC2046 # two words
set -- $(load "$ours/v1/status") $(load https://127.0.0.1:17421/v1/status)
printf 'muster: %s requests/s, p99 %s; nginx: %s requests/s, p99 %s; ratio %d.%02d (%s s each, 8 connections, TLS)\n' \
  "$1" "$2" "$3" "$4" $(($1 / $3)) $(($1 * 100 / $3 % 100)) "$seconds"
kill "$run" # the drill is aborted and reverted

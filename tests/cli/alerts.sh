#!/bin/sh
# alerts.sh MUSTER: whole drills on this machine whose fault is to be noticed: by an alert, by a person, by nobody.
# In a mount namespace of its own: what a run leaves in /run is nobody else's. Ends with 77 where that cannot be made.
set -eu
if [ -z "${ALERTS_INSIDE-}" ]; then
  muster=$(realpath "${1:?the binary}")
  way=-rm
  [ "$(id -u)" != 0 ] || way=-m
  if ! unshare "$way" true 2>/dev/null || ! command -v python3 >/dev/null; then
    echo "SKIPPED: no mount namespace can be made here (unshare $way), or no python3"
    exit 77
  fi
  export muster ALERTS_INSIDE=yes
  exec unshare "$way" sh "$0"
fi
mount -t tmpfs none /run
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
w=$room/w
"$muster" init "$w" >/dev/null
rm "$w"/drills/*.yaml
cat >"$w/inventory/hosts.yaml" <<'END'
all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}
END
drill() { # drill NAME WITHIN WHO
  cat >"$w/drills/$1.yaml" <<END
drill: $1
owner: me
targets: {here: here}
detect: [{$3, within: $2}]
steps:
  - {id: loss, run: [touch, $room/lost], undo: [rm, -f, $room/lost], target: here}
  - {pause: 6s}
ends: [{check: {command: [test, "!", -e, $room/lost], on_host: here}}]
END
}
tell() { # tell ALERT [STATUS]: as Alertmanager would, through the run's socket
  python3 - "$(find "$room/state" -name muster.sock)" "$1" "${2-firing}" <<'END'
import http.client, json, socket, sys
class Door(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(sys.argv[1])
door = Door("muster")
door.request("POST", "/v1/alerts/alertmanager", json.dumps({"version": "4", "alerts": [
    {"status": sys.argv[3], "labels": {"alertname": sys.argv[2], "severity": "page"}, "fingerprint": sys.argv[2]}]}),
    {"Content-Type": "application/json"})
answer = door.getresponse()
assert answer.status == 202, answer.status
END
}
begin() { # begin DRILL: until its fault is there
  rm -f "$room/lost"
  timeout 90 "$muster" -C "$w" run --no-input "$1" >"$room/run.out" 2>&1 </dev/null &
  run=$!
  for _ in $(seq 300); do
    [ -e "$room/lost" ] && break
    sleep 0.1
  done
  sleep 0.5
}
ends() { # ends STATUS
  got=0
  wait "$run" || got=$?
  [ "$got" = "$1" ] || {
    wrong "the run ended with $got, not $1:"
    cat "$room/run.out"
  }
}

drill seen 5s "alert: OrdersDown, labels: {severity: page}"
status 0 "$muster" -C "$w" check
begin seen
tell OrdersDown
tell OrdersDown # again and again, as it does
ends 0
holds "OrdersDown (alertmanager): the fault is detected" "$room/run.out"
holds "the alert OrdersDown: detected after" "$room/run.out"
status 0 "$muster" -C "$w" audit log
[ "$(grep -c alert.seen "$room/out")" = 1 ] || wrong "an alert that is repeated is recorded more than once"
report=$(find "$w/reports/seen" -name report.html)
holds "OrdersDown: time to detect (TTD)" "$report"
holds "Monitoring" "$report"
holds '"letter": "D"' "$(dirname "$report")/report.json"
holds 'name="OrdersDown: time to detect (TTD)"' "$(dirname "$report")/junit.xml"
status 0 "$muster" -C "$w" report --redact -o "$room/redacted"
holds "detected after" "$room/redacted/report.html"

# Others came, this one did not: a miss.
drill missed 3s "alert: OrdersDown"
begin missed
tell Watchdog
ends 1
holds "not detected within 3" "$room/run.out"

# Nothing came, and nothing says that it could have: that is not known.
drill silent 3s "alert: OrdersDown"
begin silent
ends 3
holds "nothing shows that one could have" "$room/run.out"

# A person, with their own words; monitoring's objective would not be met by that.
drill person 5s "by: person"
begin person
status 0 "$muster" -C "$w" step detected "customers call"
ends 0
holds "noticed the fault: customers call" "$room/run.out"
holds "a person: detected after" "$room/run.out"
status 0 "$muster" -C "$w" audit verify
finish "alerts"

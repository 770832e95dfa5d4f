#!/bin/sh
# schedule.sh MUSTER: `muster schedule` and `check` on schedules, as a user meets them. Prints what is wrong; exit 1.
set -eu
muster=${1:?the binary}
source=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/cli/lib.sh
. "$source/tests/cli/lib.sh"
w=$room/w
mkdir -p "$w/drills" "$w/inventory" "$w/calendars"
printf 'all:\n  hosts:\n    here: {muster_connection: local, muster_environment: lab}\n' >"$w/inventory/hosts.yaml"
drill() { # drill NAME: its times come from stdin
  {
    printf 'drill: %s\nowner: me\ntargets: {here: here}\nsteps:\n  - {check: {command: ["true"], on_host: here}}\n' "$1"
    cat
  } >"$w/drills/$1.yaml"
}
drill orders <<'END_OF_DRILL'
schedule: {every: quarter, day: 2nd tuesday, at: "10:00", timezone: Europe/Berlin}
due: {every: quarter, from: 2027-01-01}
END_OF_DRILL
drill night <<'END_OF_DRILL'
schedule: {cron: 30 2 * * *, timezone: Europe/Berlin, freeze: none}
END_OF_DRILL
drill surprise <<'END_OF_DRILL'
schedule: {every: month, day: 15, window: 09:00-16:00, timezone: America/New_York, freeze: [changes]}
END_OF_DRILL
cat >"$w/inventory/calendars.yaml" <<'END_OF_FILE'
calendars:
  changes: {file: calendars/changes.ics, fresh_for: 3650d, applies_to: [lab]}
END_OF_FILE
printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//x//y//EN BEGIN:VEVENT UID:1 DTSTAMP:20260101T000000Z \
  "SUMMARY:Year end" "DTSTART;VALUE=DATE:20270412" "DTEND;VALUE=DATE:20270414" END:VEVENT \
  BEGIN:VEVENT UID:2 DTSTAMP:20260101T000000Z "SUMMARY:Half a day" "DTSTART:20270115T140000Z" "DTEND:20270115T170000Z" \
  END:VEVENT END:VCALENDAR >"$w/calendars/changes.ics"
touch -d 2026-01-01T00:00:00Z "$w/calendars/changes.ics"
at="--at 2027-01-01T00:00:00Z"

# The next times, with zone and UTC, and what stands in the way.
status 0 "$muster" -C "$w" check
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule next orders $at -n 2
holds "Tuesday 2027-01-12 10:00 +01:00 Europe/Berlin   2027-01-12 09:00 UTC" "$room/out"
holds "Tuesday 2027-04-13 10:00 +02:00 Europe/Berlin   2027-04-13 08:00 UTC" "$room/out"
holds "in the way: changes: Year end, until 2027-04-14 00:00 +02:00 Europe/Berlin" "$room/out"
status 0 "$muster" -C "$w" schedule next night --at 2027-03-27T12:00:00Z -n 1
holds "Sunday 2027-03-28 03:30 +02:00 Europe/Berlin   2027-03-28 01:30 UTC" "$room/out"
holds "the clock is set forward: 02:30 is left out, so it is later" "$room/out"
lacks "in the way" "$room/out"
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule next surprise $at -n 1
holds "Friday 2027-01-15 09:00 -05:00 America/New_York, drawn before 16:00   2027-01-15 14:00 UTC to 21:00 UTC" "$room/out"
holds "partly frozen: left is 12:00 to 16:00" "$room/out"
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule next orders $at -n 1 --json
holds '"planned":"2027-01-12T09:00:00.000000Z"' "$room/out"
holds '"nominal":"2027-01-12T10:00"' "$room/out"

# A plan ends with the next dates; its bytes, which the hash is of, stay a line of their own.
status 0 "$muster" -C "$w" plan orders
holds "NEXT DATES" "$room/out"
[ "$(grep -c ' Europe/Berlin   .* UTC$' "$room/out")" = 5 ] || wrong "a plan does not have five dates: $(cat "$room/out")"
hash=$(sed -n 's/.*hash sha256://p' "$room/out")
status 0 "$muster" -C "$w" plan orders --json
[ "$(head -n 1 "$room/out" | tr -d '\n' | sha256sum | cut -d ' ' -f 1)" = "$hash" ] || wrong "the plan's bytes are others than its hash says"
[ "$(sed -n 2p "$room/out" | grep -o '"planned":"' | wc -l)" = 5 ] || wrong "no dates in JSON: $(sed -n 2p "$room/out")"
drill unplanned </dev/null
status 0 "$muster" -C "$w" plan unplanned
lacks "NEXT DATES" "$room/out"
status 0 "$muster" -C "$w" plan unplanned --json
[ "$(wc -l <"$room/out")" = 1 ] || wrong "a drill without a schedule has dates"
rm "$w/drills/unplanned.yaml"

# Any rule, without a workspace.
status 0 "$muster" schedule next --rule 'every: quarter, day: 2nd tuesday, at: 10:00' --timezone Europe/Berlin \
  --at 2027-01-12T09:00:00Z -n 1
holds "Tuesday 2027-04-13 10:00 +02:00 Europe/Berlin" "$room/out"
status 2 "$muster" schedule next --rule 'every: quarter, day: 31, at: 10:00' --timezone Europe/Berlin
holds "day: last, or a day up to 28" "$room/out"
status 2 "$muster" schedule next --rule 'every: day, at: 10:00'
holds "a schedule needs \`timezone\`" "$room/out"
status 2 "$muster" schedule next --rule 'every: day, at: 10:00' --timezone Berlin
holds "did you mean \`Europe/Berlin\`?" "$room/out"

# What counts, and what is due.
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule list $at
holds "2027-01-12 10:00 +01:00 Europe/Berlin" "$room/out"
holds "2027-01-15 09:00 -05:00 America/New_York, drawn until 16:00" "$room/out"
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule show orders $at
for text in "every     quarter, 2nd tuesday, at 10:00" "missed    skip, when not started within 30m" \
  "freeze    changes: 2 events, believed" "due, in time until 2027-04-08 00:00 +02:00 Europe/Berlin (quarter 2027-Q1)" \
  "tested    never"; do
  holds "$text" "$room/out"
done
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule overdue $at
holds "Nothing is overdue." "$room/out"
status 7 "$muster" -C "$w" schedule overdue --at 2027-04-08T00:00:00Z
holds "orders: overdue since 2027-04-08 00:00 +02:00 Europe/Berlin (quarter 2027-Q1); last tested never" "$room/out"
# A run that passes is a test: then it is due again a quarter later.
sed -i 's/, from: 2027-01-01//' "$w/drills/orders.yaml"
status 7 "$muster" -C "$w" schedule overdue
holds "orders: overdue: it never passed" "$room/out"
status 0 "$muster" -C "$w" run orders --no-input
status 0 "$muster" -C "$w" schedule overdue
status 0 "$muster" -C "$w" schedule list --json
holds '"state":"ok"' "$room/out"
lacks '"last_passed":null,"last_tested":null,"next":null' "$room/out"

# A calendar that is stale or gone freezes.
status 0 "$muster" -C "$w" schedule next surprise --at 2037-01-01T00:00:00Z -n 1
holds "in the way: changes: the calendar is 4018.0 d old, and believed for 3650d; it counts as frozen" "$room/out"
mv "$w/calendars/changes.ics" "$w/calendars/other.ics"
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule next surprise $at -n 1
holds "No such file or directory; it counts as frozen" "$room/out"
mv "$w/calendars/other.ics" "$w/calendars/changes.ics"

# A freeze stops a run before anything is touched, and so does a calendar that cannot be believed.
today=$(date -u +%Y%m%d) tomorrow=$(date -u -d "2 days" +%Y%m%d)
sed "s/20270412/$today/; s/20270414/$tomorrow/" "$w/calendars/changes.ics" >"$w/calendars/other.ics"
mv "$w/calendars/changes.ics" "$room/changes.ics"
status 5 "$muster" -C "$w" run orders --no-input
holds "frozen, nothing was begun: changes: the calendar cannot be read" "$room/out"
mv "$w/calendars/other.ics" "$w/calendars/changes.ics"
status 5 "$muster" -C "$w" run orders --no-input
holds "frozen, nothing was begun: changes: Year end, until" "$room/out"
status 0 "$muster" -C "$w" run night --no-input # freeze: none
[ "$("$muster" -C "$w" runs --json | grep -c '"drill":"orders"')" = 1 ] || wrong "a frozen drill was begun"
mv "$room/changes.ics" "$w/calendars/changes.ics"

# The feed: cancellations and SEQUENCE come from what was published before.
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule ics $at --days 30 -o "$room/feed.ics"
holds "SUMMARY:Drill: orders" "$room/feed.ics"
holds "SUMMARY:A drill may be held" "$room/feed.ics"
lacks "surprise" "$room/feed.ics"
rm "$w/drills/surprise.yaml"
# shellcheck disable=SC2086
status 0 "$muster" -C "$w" schedule ics $at --days 30 -o "$room/feed.ics"
holds "STATUS:CANCELLED" "$room/feed.ics"
holds "SEQUENCE:1" "$room/feed.ics"

# check tells what is wrong with its place.
drill bad <<'END_OF_DRILL'
schedule: {every: quarter, day: 31, at: "10:00", timezone: Europe/Berln, freeze: [chnges]}
END_OF_DRILL
status 2 "$muster" -C "$w" check
holds "drills/bad.yaml:6:33: not every month has a day 31" "$room/out"
holds "there is no time zone 'Europe/Berln'" "$room/out"
holds "there is no calendar \`chnges\`" "$room/out"

finish "schedule"

#!/bin/sh
# run.sh TABLE: random rules and calendars, expanded by Muster and by programs that share no code with it.
# MUSTER_SCHEDULE_SEEDS says how many. Prints each mismatch; exit 1. Without Debian's packages of those programs: 77.
set -eu
table=${1:?the program that expands}
here=$(cd "$(dirname "$0")" && pwd)
for python in /usr/bin/python3 python3; do
  "$python" -c 'import croniter, dateutil, icalendar, recurring_ical_events' 2>/dev/null || continue
  "$python" "$here/compare.py" "$table"
  "$python" "$here/freezes.py" "$table"
  exit 0
done
echo "SKIPPED: python3-dateutil, python3-croniter or python3-recurring-ical-events is not installed"
exit 77

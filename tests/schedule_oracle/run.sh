#!/bin/sh
# run.sh TABLE: random rules, expanded by Muster and by programs that share no code with it. MUSTER_SCHEDULE_SEEDS says
# how many of each kind. Prints each mismatch; exit 1. Without Debian's python3-dateutil and python3-croniter: 77.
set -eu
table=${1:?the program that expands}
here=$(cd "$(dirname "$0")" && pwd)
for python in /usr/bin/python3 python3; do
  if "$python" -c 'import croniter, dateutil' 2>/dev/null; then
    exec "$python" "$here/compare.py" "$table"
  fi
done
echo "SKIPPED: python3-dateutil or python3-croniter is not installed"
exit 77

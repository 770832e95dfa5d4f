# ask_host.sh FILE ORIGIN: the newest checkpoints of this record, the oldest first.
# shellcheck shell=sh
set -eu
[ -f "$1" ] || exit 0
grep -F " $2 " "$1" | tail -n 20 | while read -r _ _ note; do printf 'checkpoint %s\n' "$note"; done

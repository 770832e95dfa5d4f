# tell_host.sh FILE <LINE: appends to a file, which may be append-only (chattr +a), and reads the line back.
# shellcheck shell=sh
set -eu
[ -d "${1%/*}" ] || {
  echo "the folder ${1%/*} is not there: make it, and who is master of it, before drills use it" >&2
  exit 1
}
if [ -e "$1" ]; then
  [ -f "$1" ] && [ ! -L "$1" ]
  [ "$(wc -c <"$1")" -lt 67108864 ] || {
    echo "$1 is above 64 MiB: put it away and begin another one" >&2
    exit 1
  }
fi
umask 077
line=$(cat)
printf '%s\n' "$line" >>"$1"
sync "$1" 2>/dev/null || sync
[ "$(tail -n 1 "$1")" = "$line" ]

#!/bin/sh
# cases.sh MUSTER [CASE…]: what else happens to a runner: stopped past its lease, its disk full or broken, its network
# gone, a host that is another one than it was. Each case in a room of its own, all at once. Ends with 77 where no room
# can be made. Needs root, strace, sqlite3, sshd.
set -u
kill=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$kill/lib.sh"
MUSTER=$(realpath "${1:?the path of muster}")
shift
export MUSTER
if [ -n "${ROOM-}" ]; then
  folder=$1 name=$2
  set -e
  for file in "$kill"/cases/*.sh; do
    # shellcheck source=/dev/null
    . "$file"
  done
  furnish "$folder"
  "case_$name"
  echo fine
  exit 0
fi
all='stopped_past_its_lease stopped_and_taken_over state_folder_full record_cannot_be_synced second_controller
  same_machine_twice role_moved network_gone swapped_names cloned_host'
selected=${*:-$all}
if why=$(no_room); then
  for name in $selected; do echo "SKIPPED: $name: $why"; done
  exit 77
fi
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 130' INT TERM HUP
for name in $selected; do
  mkdir "$TMP/$name"
  (
    ROOM=yes
    export ROOM
    enter_room "$kill/cases.sh" "$MUSTER" "$TMP/$name" "$name"
  ) >"$TMP/$name.said" 2>&1 </dev/null &
done
wait
failed=0 passed=0 skipped=0
for name in $selected; do
  case $(tail -n 1 "$TMP/$name.said") in
    fine) passed=$((passed + 1)) && echo "ok $name" ;;
    SKIPPED*) skipped=$((skipped + 1)) && sed 's/^/    /' "$TMP/$name.said" ;;
    *)
      failed=$((failed + 1))
      echo "not ok $name"
      sed 's/^/    /' "$TMP/$name.said"
      ;;
  esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

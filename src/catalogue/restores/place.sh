# shellcheck shell=sh disable=SC2034
# The second part of every restore provider's script: a place of its own on this host, and its teardown.
#
# A restore never goes over anything: its folder D is absent or empty when it is taken, carries the effect's
# marker from then on, and only what is below the marker is ever removed. What runs for it is known by the
# mark in its environment, servers (which write over theirs) by their working directory. A provider says
# `foreign_data` (paths of somebody's data, one a line), `servers` (pids of servers and their data
# directories) and `end_servers` (in order, then by force).

ID=${M_EFFECT:-byhand}
S=${M_DIR:-/tmp/muster-byhand-$(id -u)}
D=${P_directory:-/var/lib/muster-restore/$ID}
DATA=$D/data
MARKER=$D/.muster-effect
OWNER=${P_user:-postgres}
OWNER_ENV= # NAME=VALUE words for whatever runs as the owner
cd / || exit 2

# As the shared ones, and the reason is evidence too: the flow hands it on.
no() {
  say why "$*"
  printf '%s\n' "$*"
  exit 1
}
cannot() {
  say why "$*"
  printf '%s\n' "$*"
  exit 2
}
# The same, for what tools said: bounded.
say_all() { say "$1" "$(printf '%s' "$2" | tr -s '\n\t\r' '   ' | cut -c 1-4000)"; }

# As the service's own user, with nothing of our environment, and marked as this effect's.
LAUNCHER=
as_owner() {
  # They stand in words that the shell splits. Who plans has looked at them; whoever calls this by hand has not.
  case $D$OWNER in
    *[!A-Za-z0-9_./-]*)
      echo "the directory '$D' and the user '$OWNER' must be plain: letters, digits, . _ - and /" >&2
      return 2
      ;;
  esac
  [ "$(id -u)" != 0 ] || set -- setpriv --reuid "$OWNER" --regid "$(id -g "$OWNER")" --init-groups -- "$@"
  # shellcheck disable=SC2086 # words are wanted
  $LAUNCHER env -i PATH="$PATH" LC_ALL=C HOME="$(getent passwd "$OWNER" | cut -d: -f6)" USER="$OWNER" \
    MUSTER_EFFECT="$ID" $OWNER_ENV "$@"
}
marked() { # pids, without the servers
  servers | cut -d' ' -f1 >"$S/servers"
  grep -l -s -z -x -F "MUSTER_EFFECT=$ID" /proc/[0-9]*/environ | cut -d/ -f3 | grep -v -x -F -f "$S/servers"
}
end_marked() {
  tries=50
  while [ -n "$(marked)" ] && [ $tries -gt 0 ]; do
    marked | while read -r pid; do kill -KILL "$pid" 2>/dev/null; done
    sleep 0.1
    tries=$((tries - 1))
  done
}

is_ours() { [ "$(cat "$MARKER" 2>/dev/null)" = "$ID" ]; }
must_be_ours() { is_ours || no "the directory $D is not ours any more"; }

check_place() {
  case $D in
    *[!A-Za-z0-9_./-]* | */../* | */..) no "the directory '$D' must be plain: letters, digits, . _ - and /" ;;
    /*/*) ;;
    *) no "the directory '$D' must be absolute and below another one" ;;
  esac
  [ ${#D} -le 70 ] || no "the directory '$D' is too long for a Unix socket in it: at most 70 characters"
  real=$(readlink -m "$D") || cannot "the real path of $D could not be found"
  foreign_data | sort -u | while read -r path; do
    path=$(readlink -m "$path")
    case $real/ in "$path"/*) echo "$path" ;; esac
    case $path/ in "$real"/*) echo "$path" ;; esac
  done >"$S/conflict"
  [ ! -s "$S/conflict" ] ||
    no "the directory $D touches $(head -n 1 "$S/conflict"), which holds data of the source, of a repository or of a running server"
  if [ -e "$MARKER" ]; then
    is_ours || no "the directory $D belongs to another effect: $(cat "$MARKER")"
  elif [ -e "$D" ]; then
    [ -d "$D" ] || no "$D is not a directory"
    # What root makes in somebody else's folder, they can lead elsewhere.
    [ "$(id -u)" != 0 ] || [ -O "$D" ] || no "the directory $D is not root's: give one that is, or one that is absent"
    [ -z "$(contents | head -n 1)" ] || no "the directory $D is not empty and not ours: a restore never goes over something"
  fi
}
contents() { find "$D" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .muster-effect "$@"; }

# check_space KIB: 1.2 times what is to come.
check_space() {
  parent=$D
  until [ -d "$parent" ]; do parent=$(dirname "$parent"); done
  free_kib=$(df -Pk "$parent" | awk 'NR == 2 { print $4 }')
  say free_kib "$free_kib"
  [ "$free_kib" -ge "$(($1 * 12 / 10))" ] ||
    no "$parent has $free_kib KiB free; 1.2 times the backup's size are $(($1 * 12 / 10)) KiB"
}

# Takes the place. A teardown that came first wins: what is made after it is removed again.
claim() {
  [ ! -e "$S/torn" ] || cannot "this restore was torn down already"
  check_place
  is_ours || {
    was=absent
    [ ! -d "$D" ] || was=empty
    (umask 022 && mkdir -p "$D" && printf '%s\n' "$ID" >"$MARKER") || cannot "the directory $D could not be made"
    echo "$was" >"$D/.directory-was"
  }
  not_torn
}
not_torn() {
  [ -e "$S/torn" ] || return 0
  # What we had begun may have made folders anew below the place that was ours.
  [ ! -d "$D" ] || [ -e "$MARKER" ] || printf '%s\n' "$ID" >"$MARKER"
  revert
  cannot "this restore was torn down meanwhile"
}

own_folders() { # NAME...: folders below D for the owner alone
  for folder in "$@"; do
    (umask 077 && mkdir -p "$D/$folder") || cannot "$D/$folder could not be made"
    [ "$(id -u)" != 0 ] || chown -h "$OWNER:" "$D/$folder"
  done
}

inject() { claim; }

verify() {
  must_be_ours
  [ ! -e "$S/serving" ] || is_running || no "the recovered server is not running any more"
  say directory "$D"
}

revert() {
  : >"$S/torn"
  [ -e "$MARKER" ] || return 0
  is_ours || no "the directory $D carries another effect's marker: it is left alone"
  end_marked
  end_servers
  end_marked # what the servers had started
  was=$(cat "$D/.directory-was" 2>/dev/null)
  contents -exec rm -rf --one-file-system {} +
  [ -z "$(contents)" ] || cannot "not all of $D could be removed"
  rm -f "$MARKER" "$S/serving"
  [ "$was" != absent ] || rmdir "$D" 2>/dev/null || [ ! -d "$D" ] || cannot "the directory $D could not be removed"
  [ -n "${P_directory-}" ] || rmdir "$(dirname "$D")" 2>/dev/null || : # others may be in it
}

clean() {
  [ -z "$(marked)" ] || no "processes of this effect are still running: $(marked)"
  [ -z "$(servers "$DATA")" ] || no "servers of this effect are still running: $(servers "$DATA")"
  ! is_ours || no "the directory $D is still there"
  say removed "$D"
}

# Ends a round: the next backup comes into the same place.
remove() {
  must_be_ours
  end_servers
  end_marked
  rm -rf --one-file-system "$DATA" "$D/tablespaces" "$D/log" "$D/run" "$D/spool" "$D/config"
  [ ! -e "$DATA" ] || cannot "$DATA could not be removed"
}

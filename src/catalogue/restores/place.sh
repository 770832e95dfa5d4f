# shellcheck shell=sh disable=SC2034
# The second part of every restore provider's script: a place of its own on this host, and its teardown.
#
# A restore never goes over anything: its folder D is absent or empty when it is taken, carries the effect's
# marker from then on, and only what is below the marker is ever removed. What runs for it is known by the
# mark in its environment, servers (which write over theirs) by their working directory. A provider says
# `foreign_data` (paths of somebody's data, one a line), `servers` (pids of servers and their data
# directories) and `end_servers` (in order, then by force).
#
# Root makes files in D, M_DIR and D/config alone. What is below the other folders of D is the owner's, who can put a
# link there at any time, or the backup's: it is read and written by `as_owner`, so that the kernel looks at their rights.

ID=${M_EFFECT:-byhand}
S=${M_DIR:-/tmp/muster-byhand-$(id -u)}
D=${P_directory:-/var/lib/muster-restore/$ID}
DATA=$D/data
MARKER=$D/.muster-effect
OWNER=${P_user:-postgres}
OWNER_ENV= # NAME=VALUE words for whatever runs as the owner
export LC_ALL=C
cd / || exit 2
(: >&3) 2>/dev/null || exec 3>&2 # as the last part does: what is refused below says so

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

# What stands in words that a shell splits, in paths and in arithmetic is looked at before any phase begins. The
# controller does it, too; but whoever holds the key of a gate need not ask the controller, nor who calls this by hand.
# fits CHARACTERS NAME...: of such characters alone, or not given.
fits() {
  characters=$1
  shift
  for name in "$@"; do
    eval "value=\${P_$name-}"
    case $value in *[!$characters]*) cannot "$name: '$(printf '%.200s' "$value")' must consist of $characters" ;; esac
  done
}
fits_path() { # NAME...
  fits A-Za-z0-9_./- "$@"
  for name in "$@"; do
    eval "value=\${P_$name-}"
    case $value/ in */../* | [!/]*) cannot "$name: '$value' must be an absolute path without '..'" ;; esac
  done
}
fits_number() { # NAME...
  for name in "$@"; do
    eval "value=\${P_$name-}"
    [ -z "$value" ] || m_is_number "$value" || cannot "$name: '$(printf '%.200s' "$value")' is not a number"
  done
}
fits_list() { # CHARACTERS NAME: at most as many items as the controller looks at
  eval "count=\${P_$2_count:-0}"
  if ! m_is_number "$count" || [ "$count" -gt 50 ]; then cannot "$2: at most 50 items"; fi
  while [ "$count" -gt 0 ]; do
    count=$((count - 1))
    fits "$1" "$2_$count"
  done
}
case $ID in '' | *[!A-Za-z0-9_.-]*) cannot "'$ID' is not an effect's id" ;; esac
fits_path directory
fits A-Za-z0-9_- user
fits_number seconds bytes
case $OWNER in -*) cannot "user: '$OWNER' is not a user's name" ;; esac
# All that comes out of a backup runs as the owner.
[ "$(id -u "$OWNER" 2>/dev/null)" != 0 ] || cannot "user: root must not own and run what comes out of a backup"

# As the service's own user, with nothing of our environment or open files, and marked as this effect's.
LAUNCHER=
as_owner() {
  [ "$(id -u)" != 0 ] || set -- setpriv --reuid "$OWNER" --regid "$(id -g "$OWNER")" --init-groups -- "$@"
  # shellcheck disable=SC2086 # words are wanted
  $LAUNCHER env -i PATH="$PATH" LC_ALL=C HOME="$(getent passwd "$OWNER" | cut -d: -f6)" USER="$OWNER" \
    MUSTER_EFFECT="$ID" $OWNER_ENV "$@" 3>&-
}
# Only what works on our data is left out: one that bears a server's name is no server for that.
marked() { # pids, without our servers
  servers "$DATA" | cut -d' ' -f1 >"$S/servers"
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

# Whoever can rename a folder on the way leads root elsewhere, and whoever can write into D makes its marker: every
# folder must be root's, for root alone to write into. In a sticky one on the way (/tmp) nobody touches what is root's.
is_roots() { # PATH, as far as it is there; OPEN is what is not root's of it
  [ "$(id -u)" = 0 ] || return 0
  OPEN=$1
  sticky=-false
  while :; do
    if [ -e "$OPEN" ] || [ -L "$OPEN" ]; then
      # shellcheck disable=SC2086 # words are wanted
      [ -n "$(find "$OPEN" -maxdepth 0 -user 0 \( -type l -o -type d \
        \( ! -perm /022 -o -group 0 ! -perm /002 -o $sticky \) \))" ] || return 1
    fi
    [ "$OPEN" != / ] || return 0
    OPEN=$(dirname "$OPEN")
    sticky='-perm -1000'
  done
}
is_safe() { is_roots "$D" && is_roots "$(readlink -m "$D")"; }
bears_our_mark() { [ -f "$MARKER" ] && [ ! -L "$MARKER" ] && [ "$(cat "$MARKER" 2>/dev/null)" = "$ID" ]; }
is_ours() { is_safe && bears_our_mark; }
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
  [ ! -e "$D" ] || [ -d "$D" ] || no "$D is not a directory"
  # What root makes where others can write, they can lead elsewhere.
  is_safe || no "others than root can write into $OPEN: give a directory of root's that only root can write into, or one that is absent, on a way of such directories; or let Muster run as '$OWNER' there"
  if [ -e "$MARKER" ]; then
    is_ours || no "the directory $D belongs to another effect: $(cat "$MARKER")"
  elif [ -e "$D" ]; then
    [ -z "$(contents | head -n 1)" ] || no "the directory $D is not empty and not ours: a restore never goes over something"
  fi
}
# D may be root's link to a folder.
contents() { find "$D/" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .muster-effect "$@"; }

# check_space KIB: 1.2 times what is to come.
check_space() {
  parent=$D
  until [ -d "$parent" ]; do parent=$(dirname "$parent"); done
  free_kib=$(df -Pk "$parent" | awk 'NR == 2 { print $4 }')
  say free_kib "$free_kib"
  [ "$free_kib" -ge "$(($1 * 12 / 10))" ] ||
    no "$parent has $free_kib KiB free; 1.2 times the backup's size are $(($1 * 12 / 10)) KiB"
}

# By a mkdir that takes nobody else's folder and follows no link.
make_folder() { [ -d "$1" ] || { make_folder "$(dirname "$1")" && mkdir "$1"; }; }

# Takes the place. A teardown that came first wins: what is made after it is removed again.
claim() {
  [ ! -e "$S/torn" ] || cannot "this restore was torn down already"
  check_place
  is_ours || {
    was=absent
    [ ! -d "$D" ] || was=empty
    # Looked at again: what was absent may have been made by others meanwhile.
    (umask 022 && make_folder "$D" && is_safe && printf '%s\n' "$ID" >"$MARKER") || cannot "the directory $D could not be made"
    echo "$was" >"$D/.directory-was"
  }
  not_torn
}
not_torn() {
  [ -e "$S/torn" ] || return 0
  # What we had begun may have made folders anew below the place that was ours.
  [ ! -d "$D" ] || [ -e "$MARKER" ] || ! is_safe || printf '%s\n' "$ID" >"$MARKER"
  revert
  cannot "this restore was torn down meanwhile"
}

own_folders() { # NAME...: folders below D for the owner alone
  for folder in "$@"; do
    [ -d "$D/$folder" ] || (umask 077 && mkdir "$D/$folder") || cannot "$D/$folder could not be made"
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
  end_marked
  [ -e "$MARKER" ] || return 0
  bears_our_mark || no "the directory $D carries another effect's marker: it is left alone"
  is_safe || no "others than root can write into $OPEN by now, so root removes nothing in $D: do it by hand"
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
  ! bears_our_mark || no "the directory $D is still there"
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

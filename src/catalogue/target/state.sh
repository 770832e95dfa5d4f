# What runs on a target: one function a verb, m_VERB ID, with values in V_name (docs/protocol.md). Evidence goes to
# fd 3, text for people to stdout. lib.sh and the files of this folder are sent as one text when a channel opens,
# and stored beside every effect: the dead-man runs it as a file.
# This part: exit codes, and where the target remembers.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

YES=0 NO=1 COULD_NOT=2 EXPIRED=75 EXISTS=76 FENCED=77

# m_root: M_ROOT, the folder of all state.
m_root() {
  m_me=$(id -u)
  if [ -n "${MUSTER_TARGET_DIR-}" ]; then
    M_ROOT=$MUSTER_TARGET_DIR
  elif [ "$m_me" = 0 ]; then
    M_ROOT=/run/muster
  else
    # Not XDG_RUNTIME_DIR: logind removes that one at the last logout, with an armed undo in it.
    M_ROOT=/tmp/muster-$m_me
  fi
}

# m_open: makes it when it is absent; refuses one that somebody else could have made.
m_open() {
  m_root
  umask 077
  mkdir -m 700 "$M_ROOT" 2>/dev/null
  # shellcheck disable=SC2012 # the path is ours, the fields are POSIX
  m_ls=$(ls -ldn "$M_ROOT" 2>/dev/null) || m_ls=
  # shellcheck disable=SC2086
  set -- $m_ls
  case "${1-} ${3-}" in
    "drwx------ $m_me" | "drwx------. $m_me" | "drwx------+ $m_me") ;;
    *)
      echo "$M_ROOT is not a folder of uid $m_me with mode 0700: ${m_ls:-it cannot be made}"
      return "$COULD_NOT"
      ;;
  esac
  mkdir -p "$M_ROOT/run" "$M_ROOT/effect"
}

# m_name WORD: fit to be a file name, and no option of a command.
m_name() {
  case $1 in
    '' | [.-]* | *[!A-Za-z0-9_.-]*)
      echo "'$1' is not a name"
      return "$COULD_NOT"
      ;;
  esac
}

# m_write FILE TEXT: all of it or nothing.
m_write() { printf '%s' "$2" >"$1.new" && mv -f "$1.new" "$1"; }

# m_read FILE KEY: M_VALUE of a line "KEY=VALUE".
m_read() {
  M_VALUE=
  while IFS= read -r m_l; do
    case $m_l in
      "$2="*)
        M_VALUE=${m_l#*=}
        return 0
        ;;
    esac
  done 2>/dev/null <"$1"
  return 1
}

# m_number_in FILE: M_NUMBER, 0 when there is none.
m_number_in() {
  M_NUMBER=
  read -r M_NUMBER 2>/dev/null <"$1" || :
  # An earlier Muster wrote what it was given.
  m_plain "$M_NUMBER"
  M_NUMBER=$M_PLAIN
  m_is_number "$M_NUMBER" || M_NUMBER=0
}

# m_find ID: D, the folder of an armed effect; EXPIRED when there is none.
m_find() {
  m_open && m_name "$1" || return "$COULD_NOT"
  D=$M_ROOT/effect/$1
  [ -f "$D/meta" ] && return
  say absent yes
  return "$EXPIRED"
}

# m_life: refuses a call that a store makes in an earlier life than one that was here: it comes from an old copy of the
# record, whose undos may be done long ago. (A store's lives are counted by the store itself.)
m_life() {
  m_is_number "${V_life-}" && [ -n "${V_store-}" ] || return 0
  m_name "$V_store" && mkdir -p "$M_ROOT/life" || return "$COULD_NOT"
  m_number_in "$M_ROOT/life/$V_store"
  if [ "$V_life" -lt "$M_NUMBER" ]; then
    say life "$M_NUMBER"
    echo "a later life of this store was here ($M_NUMBER, this is $V_life): what asks is an old copy of it"
    return "$FENCED"
  fi
  [ "$V_life" -eq "$M_NUMBER" ] || m_write "$M_ROOT/life/$V_store" "$V_life$M_NL" || return "$COULD_NOT"
}

# m_fence: refuses an epoch below the highest that this host has seen of the run, and remembers it; and what was meant
# for another start of this host.
m_fence() {
  m_name "$V_run" || return "$COULD_NOT"
  m_life || return
  m_is_number "${V_epoch-}" || {
    echo "no epoch was given"
    return "$COULD_NOT"
  }
  mkdir -p "$M_ROOT/run/$V_run" || return "$COULD_NOT"
  m_number_in "$M_ROOT/run/$V_run/epoch"
  if [ "$V_epoch" -lt "$M_NUMBER" ]; then
    say epoch "$M_NUMBER"
    return "$FENCED"
  fi
  # What was reckoned in another start's uptime, a lease above all, means nothing in this one.
  if [ -n "${V_boot_id-}" ]; then
    m_boot
    [ "$V_boot_id" = "$M_BOOT" ] || {
      say boot_id "$M_BOOT"
      return "$EXPIRED"
    }
  fi
  [ "$V_epoch" -eq "$M_NUMBER" ] || m_write "$M_ROOT/run/$V_run/epoch" "$V_epoch$M_NL" || return "$COULD_NOT"
}

# m_see_epoch: an undo is taken from anybody; but when it comes from one that took the run over, who was there before is
# refused from here on.
m_see_epoch() {
  m_is_number "${V_epoch-}" && [ -d "$M_ROOT/run/$V_run" ] || return 0
  m_number_in "$M_ROOT/run/$V_run/epoch"
  [ "$V_epoch" -le "$M_NUMBER" ] || m_write "$M_ROOT/run/$V_run/epoch" "$V_epoch$M_NL"
}

# m_extend: the lease of the run on this host; absolute, and never shortened by a frame that comes late.
m_extend() {
  m_is_number "${V_lease_until_cs-}" || {
    echo "no lease was given"
    return "$COULD_NOT"
  }
  m_uptime
  say uptime_cs "$M_UPTIME"
  [ "$M_UPTIME" -lt "$V_lease_until_cs" ] || return "$EXPIRED"
  m_number_in "$M_ROOT/run/$V_run/lease"
  [ "$V_lease_until_cs" -le "$M_NUMBER" ] || m_write "$M_ROOT/run/$V_run/lease" "$V_lease_until_cs$M_NL" ||
    return "$COULD_NOT"
}

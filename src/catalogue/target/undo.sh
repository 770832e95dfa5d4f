# The undo: one way for the runner and for the dead-man.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# m_over: from here on nothing is done to the host any more, but undone. Arming put a folder by, should none fit in.
m_over() { mkdir "$D/over" 2>/dev/null || [ -d "$D/over" ] || mv "$D/spare/over" "$D/over" 2>/dev/null; }

# m_begin_turn: takes the turn by making its folder, with our name in it; or makes nothing.
m_begin_turn() {
  mkdir "$D/undoing" 2>/dev/null || return 1
  printf '%s\n' "$m_me" 2>/dev/null >"$D/undoing/who" && return
  rm -f "$D/undoing/who"
  rmdir "$D/undoing" 2>/dev/null
  return 1
}

# m_take_turn: one undo of an effect at a time, the runner's or the dead-man's; a dead one's turn is over.
m_take_turn() {
  m_self
  m_identity "$M_SELF"
  m_me=$M_IDENTITY
  m_i=0
  while ! m_begin_turn; do
    [ -d "$D" ] || return 1
    if [ ! -d "$D/undoing" ]; then
      # Its turn is over this very moment, or no folder or no name fits in. (`mv` puts it into one that is there by now.)
      mv "$D/spare/undoing" "$D/undoing" 2>/dev/null && [ ! -d "$D/undoing/undoing" ] && break
      m_i=$((m_i + 1))
      [ "$m_i" -lt 20 ] || {
        echo "$D/undoing cannot be made"
        return 1
      }
      m_nap
      continue
    fi
    m_their=
    read -r m_their 2>/dev/null <"$D/undoing/who" || :
    [ "$m_their" = "$m_me" ] && return 0
    # No name yet: it was taken this very moment, or its taker died at once.
    [ -n "$m_their" ] || m_nap
    m_alive_in "$D/undoing/who" || {
      rm -rf "$D/undoing"
      continue
    }
    m_nap
  done
  printf '%s\n' "$m_me" >"$D/undoing/who"
}

# m_undo BY: reverts D and reads back. 0 is proven clean; D/healed then tells who did it first.
m_undo() {
  m_over
  export M_BY="$1"
  m_take_turn || return "$COULD_NOT"
  m_rest_stopped=yes
  m_stop_jobs || m_rest_stopped=no
  m_rc=0
  if [ -d "$D/started" ]; then
    m_rc=1
    [ -e "$D/healed" ] && m_run clean && m_rc=0
    if [ "$m_rc" != 0 ]; then
      m_run revert
      m_run clean
      m_rc=$?
    fi
  fi
  # As long as that lives, it can hurt again.
  [ "$m_rest_stopped" = yes ] || m_rc=$COULD_NOT
  if [ "$m_rc" = 0 ] && [ ! -e "$D/healed" ]; then
    m_uptime
    m_write "$D/healed" "healed_by=$1${M_NL}healed_uptime_cs=$M_UPTIME$M_NL" || m_rc=$COULD_NOT
  fi
  rm -rf "$D/undoing"
  case $m_rc in 0 | 1) return "$m_rc" ;; *) return "$COULD_NOT" ;; esac
}


# Serving: one frame after the other, each in a process of its own, so that nothing of one is there in the next.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154,SC3045

gate_log() {
  ! command -v logger >/dev/null 2>&1 ||
    logger -t muster-gate -p auth.notice -- "uid ${g_caller:-?}: $1" </dev/null >/dev/null 2>&1 || :
}

gate_answer() {
  G_ABSENT=
  unset G_SEEN
  # Whatever is not allowed in so many words is refused.
  gate_allows || [ -n "$G_ABSENT$g_why" ] || g_why="it is not allowed here"
  if [ -n "$G_ABSENT" ]; then
    say absent yes
    return "$EXPIRED"
  fi
  if [ -n "$g_why" ]; then
    gate_log "refused $g_verb: $g_why"
    echo "the gate refuses this $g_verb: $g_why"
    return "$COULD_NOT"
  fi
  case $g_verb in
    hello) ;;
    facts)
      say gate_sha256 "$g_sha256"
      gate_drills
      m_facts
      ;;
    *) if [ -n "$g_input" ]; then printf %b "$g_input" | "m_$g_verb" "$g_id"; else "m_$g_verb" "$g_id"; fi ;;
  esac
}

gate_serve() {
  # A line without an end takes no more memory than that; what is done then is not bound by it.
  ulimit -S -v 262144 2>/dev/null || :
  gate_read || return 1
  ulimit -S -v unlimited 2>/dev/null || :
  (gate_answer) </dev/null 3>&1 1>&2
  printf '\n%s %s\n' "$g_nonce" "$?"
  printf '\n%s\n' "$g_nonce" >&2
}

gate_main() {
  g_caller=${MUSTER_CALLER-} g_sha256=unknown
  unset MUSTER_CALLER
  g_sum=$(sha256sum <"$0" 2>/dev/null) && g_sha256=${g_sum%% *}
  # Sudo hands the file that it has checked over as an open descriptor; it has been read by now.
  case $0 in /dev/fd/[3-9]) eval "exec ${0##*/}<&-" ;; esac
  cd /
  M_TEXT=$(gate_target)
  eval "$M_TEXT"
  # As the limits: nothing of the caller's makes what heals slow. Where that cannot be, nothing is armed.
  g_bound=no
  m_unbind || g_bound=yes
  # Where sudo may ask for a password, this says that it has let us in.
  echo 'muster-gate 1' >&2
  while (gate_serve); do :; done
}

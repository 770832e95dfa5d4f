# The verbs of an armed effect: inject, phase, revert, hold, disarm, renew; and command.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# m_may ID: an action on an armed effect is allowed now: right run, right epoch, own lock, lease not over, alive.
m_may() {
  m_find "$1" && m_fence || return
  m_read "$D/meta" arming
  export M_ARMING="$M_VALUE"
  # Behind a gate: what it has looked at is what is acted on, here and in m_launch.
  [ -z "${G_SEEN+x}" ] || [ "$(cat "$D/meta" "$D/params")" = "$G_SEEN" ] || return "$EXPIRED"
  m_read "$D/meta" run
  [ "$M_VALUE" = "$V_run" ] || {
    echo "this effect is run $M_VALUE's"
    return "$COULD_NOT"
  }
  m_read "$D/meta" store
  V_store=$M_VALUE
  m_read "$D/meta" guardian
  [ "$M_VALUE" = yes ] || m_mine || return
  [ ! -e "$D/held" ] || {
    echo "this effect is held"
    return "$COULD_NOT"
  }
  m_uptime
  m_number_in "$M_ROOT/run/$V_run/lease"
  m_read "$D/meta" cap_cs
  [ ! -d "$D/over" ] && [ "$M_UPTIME" -lt "$M_NUMBER" ] && [ "$M_UPTIME" -lt "$M_VALUE" ] || return "$EXPIRED"
  m_alive_in "$D/deadman.pid" || {
    echo "the dead-man is gone: nobody would undo this"
    return "$COULD_NOT"
  }
}

# m_act FUNCTION: runs it between the two looks at `over`; one that was too late is undone again.
m_act() {
  [ ! -d "$D/over" ] || return "$EXPIRED"
  m_rc=0
  m_run "$1" || m_rc=$?
  if [ -d "$D/over" ]; then
    m_undo revert
    return "$EXPIRED"
  fi
  # When it failed, the undo ends what it left running, too.
  [ "$m_rc" != 0 ] || m_leave_jobs
  case $m_rc in 0 | 1) return "$m_rc" ;; *) return "$COULD_NOT" ;; esac
}

m_inject() {
  m_may "$1" || return
  mkdir "$D/started" 2>/dev/null || return "$EXISTS"
  m_rc=0
  m_act inject || m_rc=$?
  case $m_rc in
    0) ;;
    1) return "$COULD_NOT" ;;
    *) return "$m_rc" ;;
  esac
  m_run verify || m_rc=$NO
  [ ! -d "$D/over" ] || return "$EXPIRED"
  return "$m_rc"
}

m_phase() {
  m_may "$1" || return
  m_name "$V_phase" || return
  mkdir "$D/started" 2>/dev/null
  for m_n in ${V_params-}; do
    eval "m_v=\$(printf '%b_' \"\$O_$m_n\")"
    export "P_$m_n=${m_v%_}"
  done
  m_act "$V_phase"
}

# m_asks_for ID: the store that asks is the one that armed it, and knows that it is held, when it is: a copy of a record
# from before the hold must not undo what something was built upon.
m_asks_for() {
  m_read "$D/meta" store
  if [ -n "${V_store-}" ] && [ "$M_VALUE" != "$V_store" ]; then
    say store "$M_VALUE"
    echo "this effect is store $M_VALUE's"
    return "$EXISTS"
  fi
  if [ -e "$D/held" ] && [ ! -d "$D/over" ] && [ "${V_held-no}" != yes ]; then
    say state held
    echo "this effect is held, and what asks does not know of it: its record is an old copy"
    return "$FENCED"
  fi
}

m_revert() {
  m_boot
  say boot_id "$M_BOOT"
  m_open && m_life || return
  m_uptime
  say uptime_cs "$M_UPTIME"
  m_rc=0
  m_find "$1" || m_rc=$?
  m_see_epoch
  case $m_rc in
    "$YES") m_asks_for || return ;;
    "$EXPIRED") m_recall "$1" || return ;;
    *) return "$m_rc" ;;
  esac
  m_rc=0
  [ -z "$D" ] || m_undo revert || m_rc=$?
  [ -n "$D" ] || return "$YES"
  m_read "$D/healed" healed_by && say healed_by "$M_VALUE"
  m_read "$D/healed" healed_uptime_cs && say healed_uptime_cs "$M_VALUE"
  [ -d "$D/started" ] || say injected no
  # It was armed in another life of this host, or not at all: once it is proven undone, nobody is owed its mark.
  if [ "$m_rc" = "$YES" ] && [ -e "$D/state/recalled" ]; then
    rm -rf "$D"
  fi
  return "$m_rc"
}

# m_recall ID: this host does not know the effect: it was started anew, or its state was lost. With the script at
# hand it is undone and read back all the same; without (D is then empty) the caller judges by the boot id
# whether anything can be left. What was undone and forgotten needs neither.
m_recall() {
  if m_was_forgotten "$1"; then
    D=
  elif [ -n "${V_script-}" ]; then
    rm -rf "$D"
    V_cap_s=0
    mkdir -p "$D/over" "$D/started" && m_fill && : >"$D/state/recalled" || return "$COULD_NOT"
  elif [ -d "$D" ]; then
    # Arming did not come to its end, so nothing was injected, and from here on nothing can be.
    mkdir "$D/over" 2>/dev/null || :
  else
    D=
  fi
}

m_hold() {
  m_find "$1" && m_fence || return
  [ ! -d "$D/over" ] || return "$EXPIRED"
  : >"$D/held" || return "$COULD_NOT"
  m_i=0
  while m_alive_in "$D/deadman.pid"; do
    [ ! -d "$D/over" ] && [ "$m_i" -lt 30 ] || break
    m_i=$((m_i + 1))
    m_nap
  done
  if [ -d "$D/over" ]; then
    rm -f "$D/held"
    return "$EXPIRED"
  fi
  m_alive_in "$D/deadman.pid" && return "$COULD_NOT"
  m_leave_jobs
  say state held
}

m_disarm() {
  m_open && m_life || return
  m_rc=0
  m_find "$1" || m_rc=$?
  m_read "$D/meta" run
  m_whose=$M_VALUE
  case $m_rc in
    "$YES")
      m_read "$D/meta" store
      [ -z "${V_store-}" ] || [ "$M_VALUE" = "$V_store" ] || {
        echo "this effect is store $M_VALUE's"
        return "$EXISTS"
      }
      ;;
    "$EXPIRED")
      [ -d "$D" ] || {
        m_remember_forgotten "$1" "${V_run-}"
        return "$YES"
      }
      ;;
    *) return "$m_rc" ;;
  esac
  # Refused before anything is changed; and once more, since one that was not begun may have begun meanwhile. That one
  # finds `over`, or is found.
  m_proven || return
  m_over
  m_proven || return
  # Away in one move: the dead-man sees the whole folder or none.
  mkdir -p "$M_ROOT/gone" && mv "$D" "$M_ROOT/gone/$1" && rm -rf "$M_ROOT/gone/$1" || return "$COULD_NOT"
  m_remember_forgotten "$1" "$m_whose"
  [ "${V_tidy-no}" != yes ] || m_forget_run "$m_whose"
}

# m_proven: nothing of it can be here any more; or it is forgotten by force.
m_proven() {
  [ -d "$D/started" ] && [ ! -e "$D/healed" ] && [ "${V_force-no}" != yes ] || return "$YES"
  echo "this effect is not proven undone"
  return "$NO"
}

# m_remember_forgotten ID RUN: as long as its run has a folder here. A frame that comes late (its shell was frozen, its
# connection cut) arms the effect no more, and leaves no mark of it. Nothing hangs on it: without it the lease would heal.
# By force what is still there is forgotten, too: of that nobody may say later that it is undone.
m_remember_forgotten() {
  [ "${V_force-no}" != yes ] || return 0
  [ -n "$2" ] && m_name "$2" && [ -d "$M_ROOT/run/$2" ] || return 0
  mkdir -p "$M_ROOT/run/$2/forgotten" && : >"$M_ROOT/run/$2/forgotten/$1" || return 0
}

m_was_forgotten() { [ -n "${V_run-}" ] && m_name "$V_run" && [ -e "$M_ROOT/run/$V_run/forgotten/$1" ]; }

# m_forget_run RUN: its folder, when nothing of it is here any more.
m_forget_run() {
  [ -n "$1" ] && ! m_has_effects "$1" || return "$YES"
  m_read "$M_ROOT/lock" run && [ "$M_VALUE" = "$1" ] && return "$YES"
  m_number_in "$M_ROOT/run/$1/lease"
  m_uptime
  [ "$M_UPTIME" -lt "$M_NUMBER" ] || rm -rf "$M_ROOT/run/$1"
}

m_renew() {
  m_open && m_fence && m_extend || return
  for D in "$M_ROOT"/effect/*/; do
    D=${D%/}
    m_name "${D##*/}" >/dev/null && m_read "$D/meta" run && [ "$M_VALUE" = "$V_run" ] || continue
    m_e=${D##*/}
    m_state "$D"
    case $M_WHAT in
      armed | active)
        if ! m_alive_in "$D/deadman.pid"; then
          if m_start_deadman >/dev/null 2>&1; then say "deadman.$m_e" restarted; else say "deadman.$m_e" gone; fi
        fi
        ;;
      over) m_read "$D/healed" healed_by && say "healed.$m_e" "$M_VALUE" ;;
    esac
    say "effect.$m_e" "$M_WHAT"
    case $M_WHAT in active | held) ;; *) continue ;; esac
    # Not for a dead-man that is started here: it does wait.
    (export M_AGAIN=yes && m_run verify) >/dev/null 2>&1 3>&-
    case $? in
      0) say "verified.$m_e" yes ;;
      1) say "verified.$m_e" no ;;
      *) say "verified.$m_e" unknown ;;
    esac
  done
  return "$YES"
}

m_command() {
  m_i=0
  set --
  while [ "$m_i" -lt "$A_count" ]; do
    eval "set -- \"\$@\" \"\$A_$m_i\""
    m_i=$((m_i + 1))
  done
  m_rc=0
  (
    umask 022
    cd /
    exec "$@" 3>&-
  ) || m_rc=$?
  say status "$m_rc"
  [ "$m_rc" = 0 ]
}

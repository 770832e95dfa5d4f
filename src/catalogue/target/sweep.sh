# The verbs survey and sweep: what of Muster is on this host, told by its markers alone, and undone without a record.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# m_seconds_until CS: M_LEFT, seconds until that uptime; 0 when it is over.
m_seconds_until() {
  M_LEFT=0
  m_uptime
  ! m_is_number "$1" || [ "$1" -le "$M_UPTIME" ] || M_LEFT=$((($1 - M_UPTIME + 99) / 100))
}
m_lease_left() {
  m_number_in "$M_ROOT/run/$1/lease"
  m_seconds_until "$M_NUMBER"
}

# m_effect_left: M_LEFT, how long the run m_whose still leases the effect D. A lease of before a restart is over.
m_effect_left() {
  M_LEFT=0
  m_boot
  m_read "$D/meta" run || M_VALUE=-
  m_whose=$M_VALUE
  ! m_read "$D/meta" boot_id || [ "$M_VALUE" != "$M_BOOT" ] || m_lease_left "$m_whose"
}

# m_lock_left: M_LEFT, for how long whoever holds the lock may still be alive.
m_lock_left() {
  M_LEFT=0
  m_boot
  m_read "$M_ROOT/lock" boot_id && [ "$M_VALUE" = "$M_BOOT" ] || return 0
  m_read "$M_ROOT/lock" run
  m_lease_left "$M_VALUE"
  m_longest=$M_LEFT
  m_read "$M_ROOT/lock" until_cs
  m_seconds_until "$M_VALUE"
  [ "$M_LEFT" -ge "$m_longest" ] || M_LEFT=$m_longest
}

m_survey_effect() {
  m_e=${D##*/}
  m_effect_left
  m_read "$D/meta" fault || M_VALUE=-
  m_left=$M_LEFT
  m_state "$D"
  say "effect.$m_e" "$m_whose $M_VALUE $M_WHAT"
  for m_key in store who drill host; do
    ! m_read "$D/meta" "$m_key" || say "$m_key.$m_e" "$M_VALUE"
  done
  m_uptime
  ! m_read "$D/meta" at_cs || ! m_is_number "$M_VALUE" || say "age_s.$m_e" "$(((M_UPTIME - M_VALUE) / 100))"
  say "left_s.$m_e" "$m_left"
  if m_alive_in "$D/deadman.pid"; then say "deadman.$m_e" live; else say "deadman.$m_e" gone; fi
  ! m_read "$D/healed" healed_by || say "healed.$m_e" "$M_VALUE"
}

# m_survey: changes nothing.
m_survey() {
  m_boot
  m_root
  say boot_id "$M_BOOT"
  say hostname "$(uname -n)"
  say uid "$(id -u)"
  say state_dir "$M_ROOT"
  if [ -e "$M_ROOT" ]; then
    m_open || return
    if [ -f "$M_ROOT/lock" ]; then
      m_say_holder
      m_lock_left
      say lock.left_s "$M_LEFT"
    fi
    for D in "$M_ROOT"/effect/*/; do
      D=${D%/}
      # Others are no effects, and told as strangers.
      if [ -d "$D" ] && m_name "${D##*/}" >/dev/null; then m_survey_effect; fi
    done
  fi
  m_n=0
  m_list_leftovers | while IFS= read -r m_line; do
    m_n=$((m_n + 1))
    say "leftover.$m_n" "$m_line"
  done
  return "$YES"
}

# m_kept WHY: it is not touched.
m_kept() {
  say kept "$*"
  return "$EXISTS"
}

# m_sweep ID: undoes an effect, whoever armed it, proves it clean and forgets it. Left alone is what a live run may
# still lease, and what is held on purpose, unless V_force=yes. With "-" for ID: what is left beside effects.
m_sweep() {
  m_open || return
  if [ "$1" = - ]; then
    m_sweep_rest
    return
  fi
  m_boot
  say boot_id "$M_BOOT"
  m_rc=0
  m_find "$1" || m_rc=$?
  case $m_rc in
    "$YES") m_sweep_effect "$1" ;;
    "$EXPIRED") m_sweep_unarmed "$1" ;;
    *) return "$m_rc" ;;
  esac
}

# Arming did not come to its end, so nothing was injected; or it goes on this very moment.
m_sweep_unarmed() {
  [ -d "$D" ] || return "$YES"
  m_lock_left
  if [ "$M_LEFT" -gt 0 ] && [ "${V_force-no}" != yes ]; then
    m_kept "it may be being armed: the lock is leased for $M_LEFT s more"
    return
  fi
  m_disarm "$1"
}

m_sweep_effect() {
  if [ "${V_force-no}" != yes ]; then
    m_effect_left
    if [ "$M_LEFT" -gt 0 ]; then
      m_kept "run $m_whose leases it for $M_LEFT s more"
      return
    fi
    m_state "$D"
    if [ "$M_WHAT" = held ]; then
      m_kept "it is held on purpose: a step of no return was next"
      return
    fi
  fi
  m_rc=0
  m_undo sweep || m_rc=$?
  ! m_read "$D/healed" healed_by || say healed_by "$M_VALUE"
  [ -d "$D/started" ] || say injected no
  [ "$m_rc" = "$YES" ] || return "$m_rc"
  m_disarm "$1"
}

# m_unhealed RUN: an effect of it here is not proven undone.
m_unhealed() {
  for m_d in "$M_ROOT"/effect/*/; do
    m_read "${m_d}meta" run && [ "$M_VALUE" = "$1" ] && [ ! -f "${m_d}healed" ] && return 0
  done
  return 1
}

m_sweep_lock() {
  [ -f "$M_ROOT/lock" ] || return "$YES"
  m_take_alone || { echo "the lock is just being changed" && return "$COULD_NOT"; }
  m_rc=0
  m_remove_lock || m_rc=$?
  rm -rf "$M_ROOT/lock.taking"
  return "$m_rc"
}

m_remove_lock() {
  m_read "$M_ROOT/lock" run
  m_holder=$M_VALUE
  m_lock_left
  if [ "$M_LEFT" -gt 0 ] && [ "${V_force-no}" != yes ]; then
    m_kept "the lock: run $m_holder leases it for $M_LEFT s more"
    return
  fi
  if m_unhealed "$m_holder"; then
    m_kept "the lock: an effect of run $m_holder is not proven undone"
    return
  fi
  rm -f "$M_ROOT/lock" || return "$COULD_NOT"
  say removed "lock $m_holder"
}

# Folders of runs that nothing belongs to any more, and what a process left behind that died while it took the lock.
m_sweep_folders() {
  m_read "$M_ROOT/lock" run || M_VALUE=
  m_holder=$M_VALUE
  for m_folder in "$M_ROOT"/run/*/; do
    m_whose=${m_folder%/}
    m_whose=${m_whose##*/}
    [ -d "$m_folder" ] && [ "$m_whose" != "$m_holder" ] || continue
    m_lease_left "$m_whose"
    [ "$M_LEFT" = 0 ] || [ "${V_force-no}" = yes ] || continue
    ! m_has_effects "$m_whose" || continue
    rm -rf "$m_folder"
  done
  rm -rf "$M_ROOT/gone"
  m_taking_is_dead && rm -rf "$M_ROOT/lock.taking"
  return "$YES"
}

m_sweep_rest() {
  m_list_leftovers | while read -r m_kind m_id m_where; do
    if m_remove_leftover "$m_kind" "$m_id" "$m_where"; then say removed "$m_kind $m_id $m_where"; fi
  done
  m_rc=$YES
  m_sweep_lock || m_rc=$?
  m_sweep_folders
  return "$m_rc"
}

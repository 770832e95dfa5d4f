# The lock: one run at a time on a host. Whose it is says the file `lock`.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

m_say_holder() {
  for m_key in run who drill store; do
    m_read "$M_ROOT/lock" "$m_key" && say "lock.$m_key" "$M_VALUE"
  done
}

# m_mine: this run of this store holds the host.
m_mine() {
  [ -f "$M_ROOT/lock" ] || {
    echo "this run holds no lock here: lock first"
    return "$COULD_NOT"
  }
  m_read "$M_ROOT/lock" run
  m_holder=$M_VALUE
  m_read "$M_ROOT/lock" store
  if [ "$m_holder" != "$V_run" ] || [ "$M_VALUE" != "${V_store:-$M_VALUE}" ]; then
    m_say_holder
    return "$EXISTS"
  fi
}

# m_has_effects RUN: something of it is armed here, whatever its state.
m_has_effects() {
  for m_d in "$M_ROOT"/effect/*/; do
    m_read "${m_d}meta" run && [ "$M_VALUE" = "$1" ] && return 0
  done
  return 1
}

# m_abandoned: nothing of the holder is live here, and its lease and the lock's own time are over (the lease is
# renewed only while effects are live), or the host was started anew.
m_abandoned() {
  m_read "$M_ROOT/lock" run
  m_holder=$M_VALUE
  m_number_in "$M_ROOT/run/$m_holder/lease"
  m_uptime
  m_boot
  m_read "$M_ROOT/lock" boot_id
  if [ "$M_VALUE" = "$M_BOOT" ]; then
    m_read "$M_ROOT/lock" until_cs
    [ "$M_UPTIME" -gt "$M_NUMBER" ] && [ "$M_UPTIME" -gt "${M_VALUE:-0}" ] || return 1
  fi
  for m_d in "$M_ROOT"/effect/*/; do
    m_read "${m_d}meta" run && [ "$M_VALUE" = "$m_holder" ] && [ ! -f "${m_d}healed" ] && return 1
  done
  return 0
}

# m_take_alone: the lock is changed by one at a time: two that judged the same old lock must not take each other's new
# one away. Whoever died in the middle does not keep it.
m_take_alone() {
  ! m_taking_is_dead || rm -rf "$M_ROOT/lock.taking"
  mkdir "$M_ROOT/lock.taking" 2>/dev/null || return 1
  m_self
  m_identity "$M_SELF" && printf '%s\n' "$M_IDENTITY" >"$M_ROOT/lock.taking/who"
}

# Without a name yet it was taken this very moment, or its taker died at once: then it is looked at again.
m_taking_is_dead() {
  [ -d "$M_ROOT/lock.taking" ] || return 1
  [ -s "$M_ROOT/lock.taking/who" ] || m_nap
  [ -d "$M_ROOT/lock.taking" ] && ! m_alive_in "$M_ROOT/lock.taking/who"
}

# m_replace_lock CONDITION: the new one in place of the old one, when the condition still holds.
m_replace_lock() {
  "$1" >/dev/null 3>&1 || return 1
  m_take_alone || return 1
  m_rc=1
  if "$1" >/dev/null 3>&1 && mv -f "$m_tmp" "$M_ROOT/lock"; then m_rc=0; fi
  rm -rf "$M_ROOT/lock.taking"
  return "$m_rc"
}

# The lock is a hard link, so that it appears together with what it says. It is leased: who holds it asks again in
# time, and so extends it.
m_lock() {
  m_open && m_name "$V_run" && m_life || return
  m_tmp=$M_ROOT/lock.$V_run
  m_boot
  m_uptime
  {
    say run "$V_run"
    say store "${V_store-}"
    say who "${V_who-}"
    say drill "${V_drill-}"
    say boot_id "$M_BOOT"
    say until_cs "$((M_UPTIME + ${V_lock_s:-300} * 100))"
  } 3>"$m_tmp" || return "$COULD_NOT"
  m_before=
  [ ! -f "$M_ROOT/lock" ] || { m_read "$M_ROOT/lock" boot_id && m_before=$M_VALUE; }
  ln "$m_tmp" "$M_ROOT/lock" 2>/dev/null || m_replace_lock m_mine || m_replace_lock m_abandoned || {
    rm -f "$m_tmp"
    m_mine >/dev/null 3>&1 && echo "the lock is just being changed" && return "$COULD_NOT"
    m_say_holder
    m_lock_left
    say lock.left_s "$M_LEFT"
    return "$EXISTS"
  }
  # Our own of an earlier start of this host: its lease was counted in another uptime.
  case $m_before in '' | "$M_BOOT") ;; *) rm -f "$M_ROOT/run/$V_run/lease" || return "$COULD_NOT" ;; esac
  rm -f "$m_tmp"
  m_fence || return
  [ -z "${V_lease_until_cs-}" ] || m_extend
}

m_unlock() {
  m_open && m_name "$V_run" && m_life || return
  # A guardian is never locked: there is only the run's own folder to give back.
  if [ -f "$M_ROOT/lock" ]; then
    m_mine || return
    rm -f "$M_ROOT/lock" || return "$COULD_NOT"
  else
    say absent yes
  fi
  m_has_effects "$V_run" || rm -rf "$M_ROOT/run/$V_run"
}

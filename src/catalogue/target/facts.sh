# Who and what this host is, and what is going on here. Changes nothing.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

m_state() {
  if [ -d "$1/over" ]; then
    M_WHAT=over
  elif [ -e "$1/held" ]; then
    M_WHAT=held
  elif [ -d "$1/started" ]; then
    M_WHAT=active
  else
    M_WHAT=armed
  fi
}

# m_say_witness STORE: the checkpoints of this store's record that came with an arm, the oldest first.
m_say_witness() {
  m_name "$1" || return
  [ -f "$M_ROOT/witness/$1" ] || return 0
  m_n=0
  while IFS= read -r m_line && [ "$m_n" -lt 8 ]; do
    m_n=$((m_n + 1))
    say "witness.$m_n" "$m_line"
  done <"$M_ROOT/witness/$1"
}

m_facts() {
  m_boot
  m_uptime
  say uptime_cs "$M_UPTIME"
  m_now=$(date +%s%N)
  case $m_now in *[!0-9]*) m_now=$(date +%s)000000000 ;; esac
  say wall_ns "$m_now"
  say boot_id "$M_BOOT"
  M_VALUE=
  read -r M_VALUE 2>/dev/null </etc/machine-id || :
  say machine_id "$M_VALUE"
  say hostname "$(uname -n)"
  say kernel "$(uname -sr)"
  say uid "$(id -u)"
  if [ -d /run/systemd/system ]; then say systemd yes; else say systemd no; fi
  # shellcheck disable=SC2086
  for m_tool in ${V_tools-}; do
    if m_have "$m_tool"; then say "tool.$m_tool" yes; else say "tool.$m_tool" no; fi
  done
  printf '%s\n' "${V_space-}" | while IFS= read -r m_path; do
    [ -n "$m_path" ] || continue
    m_free=$(df -Pk -- "$m_path" 2>/dev/null | sed -n '2s/.* \([0-9][0-9]*\)  *[0-9-]*%.*/\1/p')
    say "free_kb.$m_path" "${m_free:-unknown}"
  done
  m_root
  say state_dir "$M_ROOT"
  [ -e "$M_ROOT" ] || return "$YES"
  m_open || return
  if [ -f "$M_ROOT/lock" ]; then
    m_say_holder
    m_lock_left
    say lock.left_s "$M_LEFT"
  fi
  [ -z "${V_witness_of-}" ] || m_say_witness "$V_witness_of" || return
  for D in "$M_ROOT"/effect/*/; do
    D=${D%/}
    m_name "${D##*/}" >/dev/null && m_read "$D/meta" run || continue
    m_run=$M_VALUE
    m_read "$D/meta" fault
    m_state "$D"
    say "effect.${D##*/}" "$m_run $M_VALUE $M_WHAT"
    m_read "$D/meta" store
    say "store.${D##*/}" "$M_VALUE"
    m_read "$D/healed" healed_by && say "healed.${D##*/}" "$M_VALUE"
  done
  return "$YES"
}

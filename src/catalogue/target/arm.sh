# The verb arm: everything that heals is in place before anything is hurt.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

m_say_deadman() {
  say deadman "$M_HOW"
  say deadman_pid "$M_PID"
}

# m_put_params: what the frame brought as O_name (octal text) becomes the effect's parameters.
m_put_params() {
  for m_n in ${V_params-}; do
    eval "printf '%s %s\n' \"\$m_n\" \"\$O_$m_n\""
  done >"$D/params"
}

# m_say_meta: what the effect is, a line each. A guardian names the host that it hits.
m_say_meta() {
  say run "$V_run"
  say store "${V_store-}"
  say fault "${V_fault-}"
  say drill "${V_drill-}"
  say who "${V_who-}"
  say host "${V_host-}"
  say guardian "${V_guardian-no}"
  say at_cs "$M_UPTIME"
  say cap_cs "$((M_UPTIME + V_cap_s * 100))"
  say boot_id "$M_BOOT"
  # No other arming is this one, not even of the same id.
  m_uuid=
  read -r m_uuid </proc/sys/kernel/random/uuid
  say arming "$m_uuid"
  say sha256 "$V_sha256"
}

# m_put_by: what the undo makes, so that it needs no room for one more file or folder in /run then.
m_put_by() {
  mkdir "$D/spare" "$D/spare/over" "$D/spare/undoing" &&
    echo >"$D/spare/undoing/who" && echo >"$D/healed.new" && echo >"$D/log" && echo >"$D/evidence"
}

# m_fill ID: writes all of an effect into D and reads the script back.
m_fill() {
  mkdir "$D/state" && m_put_by &&
    printf '%s' "$V_script" >"$D/script" &&
    printf '%s' "$M_TEXT" >"$D/target.sh" &&
    m_put_params &&
    m_uptime && m_boot &&
    m_say_meta 3>"$D/meta.new" && mv -f "$D/meta.new" "$D/meta" ||
    return "$COULD_NOT"
  if m_have sha256sum; then
    m_sum=$(sha256sum <"$D/script")
    [ "${m_sum%% *}" = "$V_sha256" ] || {
      echo "the script arrived as ${m_sum%% *}, $V_sha256 was sent"
      return "$COULD_NOT"
    }
  fi
  sh -n "$D/script"
}

# m_keep_witness: what the record was when this undo was armed is remembered here, whatever becomes of the effect.
# V_witness is "SIZE ORIGIN NOTE". Only a larger one of the same record is taken, and the newest eight are kept.
m_keep_witness() {
  [ -n "${V_witness-}" ] || return 0
  case $V_witness in *"$M_NL"*) return 1 ;; esac
  m_name "${V_store-}" && mkdir -p "$M_ROOT/witness" || return
  m_kept=$M_ROOT/witness/$V_store
  m_before=
  [ ! -f "$m_kept" ] || m_before=$(tail -n 7 "$m_kept")
  m_last=${m_before##*"$M_NL"}
  m_rest=${V_witness#* }
  m_is_number "${V_witness%% *}" || return
  if [ -n "$m_last" ]; then
    m_last_rest=${m_last#* }
    [ "${m_last_rest%% *}" = "${m_rest%% *}" ] && [ "${m_last%% *}" -lt "${V_witness%% *}" ] || return 0
  fi
  m_write "$m_kept" "$m_before${m_before:+$M_NL}$V_witness$M_NL"
}

m_arm() {
  m_open && m_name "$1" && m_fence || return
  ! m_was_forgotten "$1" || {
    echo "this effect was undone and forgotten: what would arm it comes late"
    return "$EXPIRED"
  }
  # Where a guardian works is no target: it may serve several runs, and needs nobody's lock.
  case $V_script in *"$M_NL# healer: guardian$M_NL"*) V_guardian=yes ;; esac
  [ "${V_guardian-no}" = yes ] || m_mine || return
  m_have setsid || {
    echo "setsid is missing: install util-linux"
    return "$COULD_NOT"
  }
  m_is_number "${V_cap_s-}" || {
    echo "no cap was given"
    return "$COULD_NOT"
  }
  m_extend || return
  D=$M_ROOT/effect/$1
  mkdir "$D" 2>/dev/null || return "$EXISTS"
  m_rc=0
  m_fill && {
    [ "${V_precheck-yes}" = no ] || m_run precheck || {
      m_rc=$?
      say precheck failed
      false
    }
  } || {
    rm -rf "$D"
    [ "$m_rc" = 1 ] && return "$NO"
    return "$COULD_NOT"
  }
  m_start_deadman || {
    mkdir "$D/over" 2>/dev/null
    rm -rf "$D"
    echo "the dead-man did not start"
    return "$COULD_NOT"
  }
  m_say_deadman
  # Nothing hangs on it: an undo that is armed is not given up for want of a witness.
  if ! m_keep_witness; then say witness not_kept; fi
}

# The dead-man: undoes an effect when nobody renews its lease any more.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# m_deadman D: reverts when the lease or the cap is over, or the host goes down. Ends when the effect is healed,
# held or gone. Only `sleep` is forked while all is well; a shell that cannot fork ends at once, and the trap
# starts this file again in the same process, until the revert was possible.
m_deadman() {
  D=$1
  trap 'exec sh "$0" deadman "$D"' EXIT
  trap '' HUP
  m_term='' m_wait=1
  trap 'm_term=yes' TERM
  m_identity $$
  m_pid=
  read -r m_pid 2>/dev/null <"$D/deadman.pid" || :
  if [ "$m_pid" != "$M_IDENTITY" ]; then
    { echo -1000 >/proc/self/oom_score_adj; } 2>/dev/null || :
    m_unbind || :
    printf '%s\n' "$M_IDENTITY" >"$D/deadman.pid"
  fi
  m_read "$D/meta" cap_cs
  m_cap=$M_VALUE
  m_read "$D/meta" run
  m_lease=${D%/effect/*}/run/$M_VALUE/lease
  while [ -d "$D" ] && [ ! -e "$D/healed" ]; do
    if [ -e "$D/held" ] && [ ! -d "$D/over" ]; then break; fi
    m_uptime
    m_number_in "$m_lease"
    if [ -n "$m_term" ] || [ "$M_UPTIME" -ge "$M_NUMBER" ] || [ "$M_UPTIME" -ge "$m_cap" ]; then
      # What is said of it is not worth an undo.
      m_log=$D/log m_evidence=$D/evidence
      printf '\n' 2>/dev/null >"$m_log" || m_log=/dev/null
      printf '\n' 2>/dev/null >"$m_evidence" || m_evidence=/dev/null
      m_undo lease >"$m_log" 2>&1 3>"$m_evidence" && break
      [ -d "$D" ] || break
      # Nobody else may be left to mend it: it is tried again for as long as the host lives.
      sleep "$m_wait"
      [ "$m_wait" -ge 16 ] || m_wait=$((m_wait * 2))
    fi
    m_forget_jobs
    m_nap
  done
  trap - EXIT
  exit 0
}

# m_processors PID: M_VALUE, where it may run.
m_processors() {
  M_VALUE=
  while read -r m_word M_VALUE; do
    [ "$m_word" != Cpus_allowed: ] || return 0
  done 2>/dev/null <"/proc/$1/status"
  return 1
}

# m_unbind: this process runs as any other does, however slow whoever started it would have it; false where it cannot.
m_unbind() {
  m_stat $$ || return
  [ "$M_CLASS" = 0 ] || chrt -o -p 0 $$ >/dev/null 2>&1
  [ "$M_NICE" -le 0 ] || renice 0 -p $$ >/dev/null 2>&1
  m_processors 1
  m_usual=$M_VALUE
  m_processors $$
  [ "$M_VALUE" = "$m_usual" ] || taskset -p "$m_usual" $$ >/dev/null 2>&1 || return
  m_stat $$ && [ "$M_CLASS" = 0 ] && [ "$M_NICE" -le 0 ]
}

# m_start_deadman: as a service of its own where systemd is, else in a session of its own; M_HOW says which.
m_start_deadman() {
  rm -f "$D/deadman.pid"
  M_HOW=setsid
  if [ -d /run/systemd/system ] && [ "$(id -u)" = 0 ] && m_have systemd-run &&
    systemd-run --quiet --collect --unit="muster-deadman-${D##*/}" --slice=muster.slice \
      --property=OOMScoreAdjust=-1000 --property=KillMode=process --property=Restart=on-failure \
      --property=StandardOutput=null --property=StandardError=null \
      env -i PATH="$PATH" LC_ALL=C sh "$D/target.sh" deadman "$D" </dev/null >/dev/null 2>&1 3>&-; then
    M_HOW=systemd
  else
    m_dies_with_session && return 1
    # shellcheck disable=SC2086
    (cd / && exec setsid sh "$D/target.sh" deadman "$D") </dev/null >/dev/null 2>&1 3>&- &
  fi
  m_i=0
  until m_alive_in "$D/deadman.pid"; do
    m_i=$((m_i + 1))
    [ "$m_i" -lt 100 ] || return 1
    sleep 0.05 2>/dev/null || sleep 1
  done
}

# m_dies_with_session: logind is told to kill what a user leaves behind, which would be the dead-man.
m_dies_with_session() {
  [ "$(id -u)" != 0 ] && m_have busctl || return 1
  case $(busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager \
    KillUserProcesses 2>/dev/null) in
    *true*) echo "logind has KillUserProcesses=yes: a dead-man would die with this session. Use become (sudo)" ;;
    *) return 1 ;;
  esac
}

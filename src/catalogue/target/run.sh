# Running functions of an effect's script.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# m_run FUNCTION: in a session of its own, so that neither the channel's end nor its group's death stops a revert, and
# that an undo finds all that inject or a phase started.
m_run() { setsid sh "$D/target.sh" launch "$D" "$1"; }

# m_launch D FUNCTION: what m_run starts. Becomes the script, with the effect's parameters in P_name.
m_launch() {
  D=$1
  while read -r m_n m_octal; do
    eval "m_given=\${P_$m_n+yes}"
    [ -z "$m_given" ] || continue
    m_v=$(printf '%b_' "$m_octal")
    export "P_$m_n=${m_v%_}"
  done <"$D/params"
  case $2 in
    precheck | verify | revert | clean) m_job= ;;
    *) m_job=yes ;;
  esac
  if [ -n "$m_job" ]; then
    # Announce, then look: the undo looks for announced jobs after it made `over`. One of the two sees the other.
    m_identity $$ && [ "$M_SESSION" = $$ ] && m_write "$D/job.$$" "$M_IDENTITY$M_NL" || exit "$COULD_NOT"
    [ ! -d "$D/over" ] || exit "$EXPIRED"
    # And what was judged is what is armed here: by now the id may have been undone, forgotten, and armed anew.
    m_read "$D/meta" arming
    [ "$M_VALUE" = "${M_ARMING-}" ] || {
      rm -f "$D/job.$$"
      exit "$EXPIRED"
    }
  fi
  # The dead-man is out of the OOM killer's reach; what it or the script starts is not.
  { echo 0 >/proc/self/oom_score_adj; } 2>/dev/null || :
  m_read "$D/meta" run
  export M_RUN="$M_VALUE" M_EFFECT="${D##*/}" M_DIR="$D/state" M_TARGET="${D%/effect/*}"
  umask 022
  cd /
  exec sh "$D/script" "$2"
}

# m_members FILE: M_MEMBERS, what lives of the session of the job that the file names; false: nothing. A session's id
# is its first process's, and is nobody else's as long as one of it lives; m_forget_jobs sees to it that no file stays
# for longer.
m_members() {
  M_MEMBERS=
  read -r m_sid m_start m_boot_id 2>/dev/null <"$1" && m_is_number "$m_sid" && [ "$m_sid" -gt 1 ] || return 1
  m_boot
  [ "$m_boot_id" = "$M_BOOT" ] || return 1
  ! m_stat "$m_sid" || [ "$M_START" = "$m_start" ] || return 1
  for m_dir in /proc/[0-9]*; do
    m_stat "${m_dir#/proc/}" && [ "$M_SESSION" = "$m_sid" ] && [ "$M_STATE" != Z ] || continue
    M_MEMBERS="$M_MEMBERS ${m_dir#/proc/}"
  done
  [ -n "$M_MEMBERS" ]
}

# m_stop_jobs: ends what inject or a phase still does, with all it started in its session, in whichever group. False:
# something of it cannot be ended yet.
m_stop_jobs() {
  m_stopped=0
  for m_job in "$D"/job.*; do
    [ -f "$m_job" ] || continue
    case $m_job in *.new) continue ;; esac
    m_i=0
    while m_members "$m_job" && [ "$m_i" -lt 30 ]; do
      # shellcheck disable=SC2086 # pids
      kill -KILL $M_MEMBERS 2>/dev/null
      m_i=$((m_i + 1))
      sleep 0.1 2>/dev/null || sleep 1
    done
    if [ "$m_i" = 30 ] && m_members "$m_job"; then
      echo "what inject or a phase started cannot be ended:$M_MEMBERS"
      m_stopped=1
    else
      rm -f "$m_job"
    fi
  done
  return "$m_stopped"
}

# m_leave_jobs: what jobs that are over have left running is meant to run.
m_leave_jobs() {
  for m_job in "$D"/job.*; do
    [ ! -f "$m_job" ] || m_alive_in "$m_job" || rm -f "$m_job"
  done
}

# m_forget_jobs: jobs of which nothing lives any more. Their numbers are soon somebody else's.
m_forget_jobs() {
  for m_job in "$D"/job.*; do
    [ -f "$m_job" ] || continue
    case $m_job in *.new) continue ;; esac
    m_alive_in "$m_job" || m_members "$m_job" || rm -f "$m_job"
  done
}

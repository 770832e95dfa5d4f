#!/bin/sh
# fault: process.pause
# title: Pause processes (SIGSTOP), as a hang would
# healer: target
# root: no
# tools: kill tr
# param name string -- the program's name, exactly (as in ps -e; longer ones as their file is called)
# param command string -- text that the command line contains; with name, both must hold
# param pid integer -- one process
# param unit string -- all processes of a systemd unit
# param at_most integer default 16 -- more processes than this are refused

# The processes are chosen once, at inject, and remembered as "PID START BOOT": everything later goes by that.

# command_line PID: M_LINE, its arguments with blanks between; empty for a kernel thread.
command_line() { M_LINE=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline"); }

# matches PID: by its name first, which costs nothing; kernel threads have no command line and never match.
matches() {
  M_LINE=
  if [ -n "${P_name-}" ]; then
    read -r comm 2>/dev/null <"/proc/$1/comm" || return 1
    # The kernel keeps 15 characters.
    [ "$comm" = "$P_name" ] || case $P_name in "$comm"*) [ ${#comm} = 15 ] ;; *) false ;; esac || return 1
    command_line "$1"
    program=${M_LINE%% *}
    [ "$comm" = "$P_name" ] || [ "${program##*/}" = "$P_name" ] || return 1
  fi
  [ -n "$M_LINE" ] || command_line "$1"
  [ -n "$M_LINE" ] || return 1
  case $M_LINE in *"${P_command-}"*) ;; *) return 1 ;; esac
}

candidates() {
  if [ -n "${P_pid-}" ]; then
    m_is_number "$P_pid" || cannot "pid: '$P_pid' is no number"
    m_stat "$P_pid" && echo "$P_pid"
  elif [ -n "${P_unit-}" ]; then
    m_have systemctl || cannot "unit: there is no systemd here"
    group=$(systemctl show --property=ControlGroup --value -- "$P_unit")
    [ -n "$group" ] || return 0
    for root in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
      [ -f "$root$group/cgroup.procs" ] || continue
      find "$root$group" -name cgroup.procs -exec cat {} +
      return 0
    done
  else
    for dir in /proc/[0-9]*; do
      if matches "${dir#/proc/}"; then echo "${dir#/proc/}"; fi
    done
  fi
  return 0
}

# protected PID: why pausing it would harm Muster or the host; false when it would not.
protected() {
  [ "$1" != 1 ] || { echo "it is process 1" && return; }
  m_self
  up=$M_SELF
  while [ "$up" -gt 1 ] && m_stat "$up"; do
    [ "$up" != "$1" ] || { echo "Muster works through it" && return; }
    up=$M_PARENT
  done
  for file in "${M_TARGET-/nowhere}"/effect/*/deadman.pid; do
    M_PID=
    read -r M_PID rest 2>/dev/null <"$file" || :
    [ "$M_PID" != "$1" ] || { echo "it is a dead-man" && return; }
  done
  return 1
}

# choose: M_PICKED, one identity a line, of all that match and run.
choose() {
  [ -n "${P_name-}${P_command-}${P_pid-}${P_unit-}" ] || cannot "give name, command, pid or unit"
  m_is_number "${P_at_most:-16}" || cannot "at_most: '$P_at_most' is no number"
  found=$(candidates) || exit
  M_PICKED='' count=0 stopped=0
  for pid in $found; do
    m_identity "$pid" || continue
    case $M_STATE in
      Z) continue ;;
      # Somebody else stopped it; it is not ours to wake.
      T | t) stopped=$((stopped + 1)) && continue ;;
    esac
    if why=$(protected "$pid"); then
      command_line "$pid"
      no "process $pid ($M_LINE) matches, but $why: name the processes more closely"
    fi
    count=$((count + 1))
    M_PICKED=$M_PICKED$M_IDENTITY$M_NL
  done
  [ "$stopped" = 0 ] || say already_stopped "$stopped"
  [ "$count" -gt 0 ] || no "no running process matches"
  [ "$count" -le "${P_at_most:-16}" ] || no "$count processes match, at_most is ${P_at_most:-16}"
  say matches "$count"
}

precheck() { choose; }

inject() {
  choose
  printf '%s' "$M_PICKED" >"$M_DIR/picked" || cannot "what is paused cannot be remembered"
  while read -r pid start boot; do
    m_alive "$pid" "$start" "$boot" || continue
    kill -STOP "$pid" || cannot "process $pid cannot be stopped"
    say paused "$pid"
  done <"$M_DIR/picked"
}

# count_states: of the remembered ones: there, stopped.
count_states() {
  there=0 stopped=0
  [ -f "$M_DIR/picked" ] || return 0
  while read -r pid start boot; do
    m_alive "$pid" "$start" "$boot" || continue
    there=$((there + 1))
    case $M_STATE in T | t) stopped=$((stopped + 1)) ;; esac
  done <"$M_DIR/picked"
}

verify() {
  tries=0
  while :; do
    count_states
    if [ "$there" -gt 0 ] && [ "$there" = "$stopped" ]; then break; fi
    tries=$((tries + 1))
    if [ -n "${M_AGAIN-}" ] || [ "$tries" -ge 6 ]; then break; fi
    m_nap
  done
  say stopped "$stopped of $there"
  [ "$there" -gt 0 ] || no "none of the paused processes is left"
  [ "$there" = "$stopped" ] || no "$((there - stopped)) of $there run"
}

# Goes on to the next one whatever happens to one.
revert() {
  [ -f "$M_DIR/picked" ] || return 0
  failed=0
  while read -r pid start boot; do
    m_alive "$pid" "$start" "$boot" || continue
    kill -CONT "$pid" || failed=1
  done <"$M_DIR/picked"
  return "$failed"
}

clean() {
  if [ -e "$M_DIR/recalled" ]; then
    # This host has forgotten what was chosen: it was started anew, and then nothing that matches is stopped.
    for pid in $(candidates); do
      m_stat "$pid" || continue
      case $M_STATE in T | t) cannot "process $pid is stopped, and whether by this is forgotten" ;; esac
    done
  fi
  tries=0
  while count_states && [ "$stopped" -gt 0 ] && [ "$tries" -lt 6 ]; do
    tries=$((tries + 1))
    m_nap
  done
  [ "$stopped" = 0 ] || no "$stopped of the processes that were paused are still stopped"
  say alive "$there"
}

#!/bin/sh
# fault: process.pause
# title: Pause processes (SIGSTOP), as a hang would
# healer: target
# root: no
# tools: cat grep head kill ls readlink sed sleep sort tr
# uses: own processes
# param name string -- the program's name, exactly (as in ps -e; longer ones as their file is called)
# param command string -- text that the command line contains; with name, both must hold
# param pid integer -- one process
# param unit string -- all processes of a systemd unit
# param port integer -- the processes that listen on this TCP port
# param at_most integer default 16 -- more processes than this are refused

# shellcheck disable=SC2034,SC2154
# What somebody else stopped is not ours to wake.
LEAVE_STOPPED=yes

precheck() {
  choose
  claim_picked
}

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

#!/bin/sh
# fault: process.kill
# title: Kill processes
# healer: target
# root: no
# tools: cat grep head kill ls mv readlink rm sed sleep sort tail tr
# uses: own processes
# undo: recover
# param name string -- the program's name, exactly (as in ps -e; longer ones as their file is called)
# param command string -- text that the command line contains; with name, both must hold
# param pid integer -- one process
# param unit string -- all processes of a systemd unit
# param port integer -- the processes that listen on this TCP port
# param signal string default KILL -- KILL, TERM, INT, HUP, QUIT, ABRT or SEGV
# param at_most integer default 16 -- more processes than this are refused
# param count integer -- only so many of those that match, the oldest first
# param within duration default 5s -- how long they may take to be gone
# param recover list -- the command that brings them back when this is undone; without it nothing is undone
# param recover_check list -- a command that exits 0 when they are back; without it one process must match again
# param recover_within duration default 30s -- how long that may take

# shellcheck disable=SC2154
# Killed is killed: only `recover` (or who supervises the processes) brings them back. It is run only when they are
# not back already, and they are proven back afterwards.

signal() {
  case ${P_signal:=KILL} in
    KILL | TERM | INT | HUP | QUIT | ABRT | SEGV) ;;
    *) cannot "signal: '$P_signal' is none of KILL, TERM, INT, HUP, QUIT, ABRT, SEGV" ;;
  esac
}

given() { [ "${1:-0}" != 0 ]; }

# bounded NAME TEXT: M_AMOUNT, that long in seconds.
bounded() {
  duration_s "$2" || cannot "$1: '$2' cannot be read"
  [ "$M_AMOUNT" -le 60 ] || cannot "$1: $2 is too long, at most 1m"
}

precheck() {
  signal
  bounded within "${P_within:-5s}"
  bounded recover_within "${P_recover_within:-30s}"
  choose
  claim_picked
  if ! given "${P_recover_count-}"; then
    ! given "${P_recover_check_count-}" || cannot "recover_check without recover: there is nothing to check"
    say undo "none: what is killed stays so until somebody brings it back"
    return 0
  fi
  # Renamed when it is run: where M_DIR is may have room for no more files then.
  for by in revert lease sweep; do
    true >"$M_DIR/unrecovered.$by" || cannot "that recover is run cannot be remembered"
  done
  m_have "${P_recover_0-}" || no "recover: '${P_recover_0-}' is no command here"
  if given "${P_recover_check_count-}"; then
    m_have "${P_recover_check_0-}" || no "recover_check: '${P_recover_check_0-}' is no command here"
    list_run recover_check || no "recover_check ends with status $? although the processes run"
  elif [ -n "${P_pid-}" ]; then
    cannot "pid: the number does not come back; give recover_check, or choose by name, command, unit or port"
  elif [ -z "${P_name-}${P_unit-}${P_port-}" ]; then
    cannot "command: other processes may hold that text as well; give recover_check, or name, unit or port too"
  elif [ "$M_MATCHES" -gt 1 ]; then
    no "recover: $M_MATCHES processes match, and nobody knows how many will run again: give recover_check"
  fi
}

inject() {
  signal
  choose
  { printf '%s\n' "$M_MATCHES" >"$M_DIR/matches" && printf '%s' "$M_PICKED" >"$M_DIR/picked"; } ||
    cannot "what is killed cannot be remembered"
  while read -r pid start boot; do
    m_alive "$pid" "$start" "$boot" || continue
    kill -s "$P_signal" "$pid" || ! m_alive "$pid" "$start" "$boot" || cannot "process $pid cannot be killed"
    say killed "$pid"
  done <"$M_DIR/picked"
}

# look: picked and there (of the remembered ones), LEFT (the first that is there), new (match now, and were not killed).
look() {
  picked=0 there=0 new=0 LEFT=
  [ -f "$M_DIR/picked" ] || return 0
  while read -r pid start boot; do
    picked=$((picked + 1))
    m_alive "$pid" "$start" "$boot" || continue
    there=$((there + 1))
    LEFT=${LEFT:-$pid}
  done <"$M_DIR/picked"
}

# count_new: how many match now that were not killed by this.
count_new() {
  new=0
  [ -z "${P_pid-}" ] || return 0
  remembered=$M_NL$(cat "$M_DIR/picked" 2>/dev/null)$M_NL
  for pid in $(candidates); do
    m_identity "$pid" || continue
    [ "$M_STATE" != Z ] || continue
    case $remembered in *"$M_NL$M_IDENTITY$M_NL"*) ;; *) new=$((new + 1)) ;; esac
  done
}

# as_before: as many match as before inject: those that are new, and those that the signal did not end.
as_before() {
  look
  count_new
  before=1
  if [ -f "$M_DIR/matches" ]; then read -r before <"$M_DIR/matches"; fi
  say running "$((there + new)) of $before"
  [ $((there + new)) -ge "$before" ]
}

# until_gone: waits for those that were killed to be gone; the time may be over before.
until_gone() {
  bounded within "${P_within:-5s}"
  m_uptime
  end=$((M_UPTIME + M_AMOUNT * 100))
  while :; do
    look
    m_uptime
    if [ "$there" = 0 ] || [ -n "${M_AGAIN-}" ] || [ "$M_UPTIME" -ge "$end" ]; then return 0; fi
    m_nap
  done
}

verify() {
  [ -f "$M_DIR/picked" ] || cannot "what was killed is forgotten"
  until_gone
  say gone "$((picked - there)) of $picked"
  [ "$there" = 0 ] || no "$there of $picked are still there after SIG${P_signal:-KILL}, process $LEFT first"
  if [ -n "${P_pid-}" ]; then return 0; fi
  # At once that is a supervisor's work, and the kill has happened all the same; later it is over.
  if as_before && [ -n "${M_AGAIN-}" ]; then no "as many run again as before"; fi
}

# back: they are back, as far as that can be told.
back() {
  if given "${P_recover_check_count-}"; then list_run recover_check; else as_before; fi
}

until_back() {
  bounded recover_within "${P_recover_within:-30s}"
  m_uptime
  end=$((M_UPTIME + M_AMOUNT * 100))
  until back; do
    m_uptime
    [ "$M_UPTIME" -lt "$end" ] || return 1
    m_nap
  done
}

# nothing_done: inject was ended before it touched anything. (A host that was started anew has forgotten; then they
# are back or not.)
nothing_done() { [ ! -f "$M_DIR/picked" ] && [ ! -e "$M_DIR/recalled" ]; }

# recover_once: once for each who undoes, the runner and the dead-man: what takes long to come back must not be
# started again at every try. One that failed is tried again.
recover_once() {
  mark=$M_DIR/recovered.${M_BY-}
  if [ -e "$mark" ]; then
    say recover "was run already"
    return 0
  fi
  mv -f "$M_DIR/unrecovered.${M_BY-}" "$mark" 2>/dev/null || true >"$mark" ||
    cannot "that recover is run cannot be remembered"
  list_run recover || {
    code=$?
    mv -f "$mark" "$M_DIR/unrecovered.${M_BY-}"
    cannot "the recover command ended with status $code"
  }
}

revert() {
  given "${P_recover_count-}" && ! nothing_done || return 0
  # One that is on its way out yet must not be counted as one that stays.
  until_gone
  if back; then
    say recover "not needed: they are back"
    return 0
  fi
  recover_once
  until_back || no "the recover command was run, and they are not back"
}

clean() {
  if ! given "${P_recover_count-}"; then
    say undo "nothing to undo: killed processes do not come back by this"
  elif ! nothing_done; then
    until_back || no "what was killed is not back"
  fi
}

#!/bin/sh
# fault: node.kill
# title: Cut the power of a node
# healer: guardian
# root: no
# tools: sh tail tr
# param node string required -- the node's name, for the record
# param down list required -- the out-of-band command that cuts its power
# param up list required -- the one that gives it back
# param status list required -- the one that says on or off
# param wait duration default 60s -- how long the power may take to change

# shellcheck disable=SC2154
# Runs at the node's guardian, another host that holds the commands: a dead node cannot mend itself.
# `status` must exit 0 and say, as the last word of its first line, "on" or "running", or "off".

# power: M_POWER is on, off or unknown.
power() {
  M_POWER=unknown
  answer=$(list_run status) || {
    say status "failed: $answer"
    return
  }
  answer=$(printf '%s\n' "$answer" | head -n 1 | tr '[:upper:]' '[:lower:]')
  case " $answer" in
    *[!a-z]off | *[!a-z]off.) M_POWER=off ;;
    *[!a-z]on | *[!a-z]on. | *[!a-z]running) M_POWER=on ;;
    *) say status "not understood: $answer" ;;
  esac
}

# until_power STATE: asks until it is so, or the time is over; true when it is so.
until_power() {
  duration_s "${P_wait:-60s}" || cannot "wait: '$P_wait' cannot be read"
  m_uptime
  end=$((M_UPTIME + M_AMOUNT * 100))
  while :; do
    power
    [ "$M_POWER" != "$1" ] || break
    m_uptime
    if [ -n "${M_AGAIN-}" ] || [ "$M_UPTIME" -ge "$end" ]; then break; fi
    m_nap
  done
  say power "$M_POWER"
  [ "$M_POWER" = "$1" ]
}

judge() {
  until_power "$1" && return 0
  [ "$M_POWER" != unknown ] || cannot "whether $P_node has power could not be found out"
  no "$P_node's power is $M_POWER"
}

precheck() {
  for list in down up status; do
    eval "program=\${P_${list}_0-}"
    m_have "$program" || no "$list: '$program' is no command here"
  done
  claim "the power of $P_node"
  M_AGAIN=yes
  judge on
}

inject() {
  list_run down || cannot "the command that cuts the power failed"
}

verify() { judge off; }

# When the power is there nobody must "give" it again: some commands would restart the node.
revert() {
  power
  [ "$M_POWER" != on ] || return 0
  list_run up || cannot "the command that gives the power back failed"
  until_power on
}

clean() { judge on; }

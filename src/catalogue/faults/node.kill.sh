#!/bin/sh
# fault: node.kill
# title: Cut the power of a node
# healer: guardian
# root: no
# tools: grep head rm sed sleep tail tr
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
  [ "$M_POWER" != off ] || rm -f "$M_DIR/falls"
}

# may_fall: `down` was run, and the power was not seen off: such commands end before their work is done, and what says
# on now may be off the next moment. The mark is made before, and taken away later: that needs no room in /run.
may_fall() { [ -e "$M_DIR/falls" ]; }

# until_power STATE [SINCE]: asks until it is so, or `wait` is over, which began at that uptime; true when it is so.
until_power() {
  duration_s "${P_wait:-60s}" || cannot "wait: '$P_wait' cannot be read"
  m_uptime
  since=${2:-$M_UPTIME}
  [ "$since" -le "$M_UPTIME" ] || since=$M_UPTIME
  end=$((since + M_AMOUNT * 100))
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
  m_uptime
  echo "$M_UPTIME" >"$M_DIR/falls" || cannot "that the power is cut cannot be remembered"
  list_run down || cannot "the command that cuts the power failed"
}

verify() { judge off; }

give() {
  list_run up || cannot "the command that gives the power back failed"
  echo 2>/dev/null >"$M_DIR/up" || :
}

# When the power is there nobody must "give" it again: some commands would restart the node. But where it may yet fall
# it is waited for to fall, as long as it may take from `down` on. If it does not, it is given once all the same, which
# takes back what is still pending, or else mends it; and only if it then stays for as long, nothing falls any more.
revert() {
  power
  if [ "$M_POWER" != off ] && may_fall; then
    read -r since <"$M_DIR/falls" || :
    until_power off "$since" || :
  fi
  if [ "$M_POWER" = on ]; then
    may_fall || return 0
    [ -e "$M_DIR/up" ] || give
    if ! until_power off; then
      [ "$M_POWER" != on ] || rm -f "$M_DIR/falls"
      return
    fi
  fi
  give
  until_power on
}

clean() {
  judge on
  ! may_fall || cannot "$P_node was told to go off and was not seen off: it may still fall"
}

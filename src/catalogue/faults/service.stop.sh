#!/bin/sh
# fault: service.stop
# title: Stop systemd services
# healer: target
# root: yes
# tools: cat grep id ls sed sleep systemctl tr
# uses: own
# param unit list required -- the units' names; .service is added where there is no other ending
# param also_triggers boolean default false -- stop the sockets, timers and paths too that would start them again
# param within duration default 60s -- how long stopping may take, and starting again

# shellcheck disable=SC2034,SC2154
# What was active before is remembered with all that stops along, and exactly that is started again.

MOST=64

# ask UNIT: what systemd knows of it, in L_….
ask() {
  L_Id='' L_LoadState='' L_ActiveState='' L_SubState='' L_UnitFileState='' L_TriggeredBy='' L_RefuseManualStop=''
  L_UpheldBy='' L_followers=''
  told=$(systemctl show --property=Id,LoadState,ActiveState,SubState,UnitFileState,TriggeredBy,RefuseManualStop \
    --property=UpheldBy,RequiredBy,RequisiteOf,BoundBy,ConsistsOf,PropagatesStopTo -- "$1") ||
    cannot "systemd says nothing about $1"
  while IFS='=' read -r key value; do
    case $key in
      Id) L_Id=$value ;;
      LoadState) L_LoadState=$value ;;
      ActiveState) L_ActiveState=$value ;;
      SubState) L_SubState=$value ;;
      UnitFileState) L_UnitFileState=$value ;;
      TriggeredBy) L_TriggeredBy=$value ;;
      RefuseManualStop) L_RefuseManualStop=$value ;;
      UpheldBy) L_UpheldBy=$value ;;
      RequiredBy | RequisiteOf | BoundBy | ConsistsOf | PropagatesStopTo) L_followers="$L_followers $value" ;;
    esac
  done <<END
$told
END
}

# is_up STATE: it runs, or is on its way there.
is_up() { case $1 in active | reloading | activating | refreshing) ;; *) return 1 ;; esac }

# named TEXT: M_UNIT, the unit that is meant. systemctl would take a pattern, and stop whatever matches.
named() {
  shown=$(printf '%.80s' "$1")
  case $1 in
    '' | [-.]* | *[!A-Za-z0-9:_.\\@-]*) cannot "unit: '$shown' is no unit's name" ;;
    *.service | *.socket | *.timer | *.path) M_UNIT=$1 ;;
    *.target | *.slice | *.scope | *.mount | *.automount | *.swap | *.device)
      no "unit: $shown is neither a service nor what starts one"
      ;;
    *) M_UNIT=$1.service ;;
  esac
  [ ${#M_UNIT} -le 255 ] || cannot "unit: '$shown…' is too long for a unit's name"
}

# each_named COMMAND…: for every unit of the parameter.
each_named() {
  m_is_number "${P_unit_count:-none}" || cannot "unit: none is given"
  [ "$P_unit_count" -gt 0 ] || cannot "unit: none is given"
  [ "$P_unit_count" -le "$MOST" ] || cannot "unit: at most $MOST at a time"
  nth=0
  while [ "$nth" -lt "$P_unit_count" ]; do
    eval "named \"\${P_unit_$nth-}\""
    nth=$((nth + 1))
    "$@"
  done
}

# needed UNIT: says why this host, or Muster, cannot do without it; false when they can.
needed() {
  case $1 in
    init.scope | systemd-journald* | dbus.* | dbus-broker.* | systemd-logind* | systemd-udevd* | user@* | session-*)
      echo "this host cannot do without it" && return
      ;;
    muster-*) echo "it is Muster's own" && return ;;
  esac
  for pid in $M_CHAIN; do
    while read -r group; do
      case $group/ in */"$1"/*) echo "Muster works through it" && return ;; esac
    done 2>/dev/null <"/proc/$pid/cgroup"
  done
  [ "$M_WAY" != local ] || return 1
  case $1 in
    ssh.* | sshd.* | ssh@* | sshd@* | dropbear* | networking.* | ifup@* | NetworkManager.* | systemd-networkd.*)
      echo "Muster came in by it"
      ;;
    *) return 1 ;;
  esac
}

# add ROLE: what L_ tells of becomes a line of M_BEFORE, "ROLE UNIT STATE SUBSTATE UNITFILESTATE".
add() {
  case $M_KNOWN in *" $L_Id "*) return 0 ;; esac
  why=$(needed "$L_Id") && no "$L_Id would stop, and $why"
  [ "$L_RefuseManualStop" != yes ] || [ "$1" = follower ] || no "$L_Id must not be stopped by hand (RefuseManualStop)"
  M_KNOWN="$M_KNOWN$L_Id "
  M_TOTAL=$((M_TOTAL + 1))
  [ "$M_TOTAL" -le "$MOST" ] || no "more than $MOST units would stop along"
  M_BEFORE="$M_BEFORE$1 $L_Id $L_ActiveState $L_SubState ${L_UnitFileState:-none}$M_NL"
  M_FOLLOWERS="$M_FOLLOWERS $L_followers"
}

gather_unit() {
  ask "$M_UNIT"
  case $L_LoadState in
    loaded) ;;
    not-found) no "there is no $M_UNIT here" ;;
    masked) no "$M_UNIT is masked: it could not be started again" ;;
    *) no "$M_UNIT cannot be used: its LoadState is $L_LoadState" ;;
  esac
  [ "$L_ActiveState" = active ] || no "$M_UNIT is not active ($L_ActiveState, $L_SubState)"
  [ -z "$L_UpheldBy" ] || no "$M_UNIT would be started again by $L_UpheldBy (Upholds=)"
  case $L_UnitFileState in
    enabled | enabled-runtime | alias | static | indirect | generated) ;;
    *) say "after_restart.$L_Id" "it does not start by itself (${L_UnitFileState:-no unit file})" ;;
  esac
  triggers="$triggers $L_TriggeredBy"
  add unit
}

# gather: M_BEFORE: the units, what triggers them and is active, and what is active and stops along.
gather() {
  m_ways
  M_BEFORE='' M_KNOWN=' ' M_TOTAL=0 M_FOLLOWERS='' triggers=''
  each_named gather_unit
  for trigger in $triggers; do
    case $M_KNOWN in *" $trigger "*) continue ;; esac
    ask "$trigger"
    is_up "$L_ActiveState" || continue
    [ "${P_also_triggers:-false}" = true ] ||
      no "$trigger is active and would start it again: also_triggers: true stops that too"
    add trigger
  done
  while [ -n "$M_FOLLOWERS" ]; do
    # shellcheck disable=SC2086 # words are wanted; names hold neither blanks nor wildcards
    set -- $M_FOLLOWERS
    M_FOLLOWERS=
    for follower in "$@"; do
      case $M_KNOWN in *" $follower "*) continue ;; esac
      ask "$follower"
      is_up "$L_ActiveState" || continue
      # A job at work would be cut short, and started from its beginning by the undo; what loads anew is active soon.
      [ "$L_ActiveState" = active ] ||
        no "$L_Id would stop along, and is $L_ActiveState ($L_SubState): wait until it is active or over, or stop it yourself"
      add follower
    done
  done
  also=$(printf '%s' "$M_BEFORE" | with_role follower)
  [ -z "$also" ] || say also_stops "$also"
}

# with_role ROLE…: the units of these roles, of the lines that it reads, in the roles' order.
with_role() {
  lines=$(cat)
  for role in "$@"; do
    while read -r as unit rest; do
      if [ "$as" = "$role" ]; then printf '%s ' "$unit"; fi
    done <<END
$lines
END
  done
}

# states UNIT…: each one's state, a line each.
states() { systemctl is-active -- "$@" 2>/dev/null || :; }

precheck() {
  [ -d /run/systemd/system ] || cannot "systemd does not run this host"
  [ "$(id -u)" = 0 ] || no "stopping a service needs root"
  limit
  gather
  # shellcheck disable=SC2046 # words are wanted
  for unit in $(printf '%s' "$M_BEFORE" | with_role trigger unit follower); do claim "unit $unit"; done
  say stops "$(printf '%s' "$M_BEFORE" | with_role trigger unit)"
}

limit() {
  duration_s "${P_within:-60s}" || cannot "within: '$P_within' cannot be read"
  [ "$M_AMOUNT" -le 90 ] || cannot "within: $P_within is too long, at most 90s"
}

# leaving: M_LEAVING, the units that systemd is told to stop, with blanks around each: until a stop is their turn they
# are active.
leaving() {
  jobs=$(systemctl list-jobs --full --no-legend --no-pager) || cannot "systemd does not tell its jobs"
  M_LEAVING=' '
  while read -r id who what rest; do
    [ "$what" != stop ] || M_LEAVING="$M_LEAVING$who "
  done <<END
$jobs
END
}

# until_states WHICH UNIT…: waits until all are up and stay so, or down; false when the time is over. M_OTHER is the
# first that is not.
until_states() {
  which=$1
  shift
  limit
  m_uptime
  end=$((M_UPTIME + M_AMOUNT * 100))
  while :; do
    M_OTHER=
    [ "$which" = down ] || leaving
    for unit in "$@"; do
      state=$(states "$unit")
      if [ "$which" = up ]; then
        case $M_LEAVING in *" $unit "*) state="$state, and is told to stop" ;; esac
      fi
      case $which.$state in
        up.active | up.reloading | up.refreshing | down.inactive | down.failed) ;;
        *) M_OTHER="$unit ($state)" && break ;;
      esac
    done
    m_uptime
    [ -n "$M_OTHER" ] || return 0
    if [ -n "${M_AGAIN-}" ] || [ "$M_UPTIME" -ge "$end" ]; then return 1; fi
    m_nap
  done
}

inject() {
  gather
  printf '%s' "$M_BEFORE" >"$M_DIR/before" || cannot "what was active before cannot be remembered"
  # shellcheck disable=SC2046 # words are wanted
  set -- $(with_role trigger unit <"$M_DIR/before")
  systemctl stop --no-block --no-ask-password -- "$@" || cannot "systemctl refuses to stop $*"
  until_states down "$@" || cannot "$M_OTHER did not stop in time"
}

verify() {
  [ -f "$M_DIR/before" ] || cannot "what was stopped is forgotten"
  M_AGAIN=yes # inject has waited
  # shellcheck disable=SC2046 # words are wanted
  set -- $(with_role unit trigger <"$M_DIR/before")
  until_states down "$@" || no "$M_OTHER runs"
  say stopped "$*"
  # shellcheck disable=SC2046
  set -- $(with_role follower <"$M_DIR/before")
  down=
  for unit in "$@"; do is_up "$(states "$unit")" || down="$down$unit "; done
  [ -z "$down" ] || say took_down "$down"
}

# remember: into $M_DIR/before, what must be active; a host that was started anew knows no more than the parameters.
remember() {
  [ ! -f "$M_DIR/before" ] || return 0
  : >"$M_DIR/before"
  [ -e "$M_DIR/recalled" ] || return 0
  each_named remember_unit
}
remember_unit() {
  ask "$M_UNIT"
  echo "unit $L_Id active" >>"$M_DIR/before"
  [ "${P_also_triggers:-false}" = true ] || return 0
  for trigger in $L_TriggeredBy; do
    if systemctl is-enabled --quiet -- "$trigger"; then echo "trigger $trigger active" >>"$M_DIR/before"; fi
  done
}

start() { systemctl start --no-block --no-ask-password "$@" || failed=1; }

# revert: sockets go before their services, which would not let them start any more. A target is started alone:
# else all that it wants would be, also what was stopped on purpose. So is what is up: its stop may be queued yet, which
# a start takes back; for one that stays up it is nothing.
revert() {
  remember
  ours='' targets='' up=''
  for unit in $(with_role trigger unit follower <"$M_DIR/before"); do
    state=$(states "$unit")
    if is_up "$state"; then up="$up $unit" && continue; fi
    [ "$state" != failed ] || systemctl reset-failed -- "$unit"
    case $unit in *.target) targets="$targets $unit" ;; *) ours="$ours $unit" ;; esac
  done
  failed=0
  # shellcheck disable=SC2086 # words are wanted
  [ -z "$up" ] || start --job-mode=ignore-dependencies -- $up
  # shellcheck disable=SC2086
  [ -z "$ours" ] || start -- $ours
  # shellcheck disable=SC2086
  [ -z "$targets" ] || start --job-mode=ignore-dependencies -- $targets
  [ -z "$ours$targets" ] || say started "$ours$targets"
  return "$failed"
}

clean() {
  remember
  # shellcheck disable=SC2046 # words are wanted
  set -- $(with_role trigger unit follower <"$M_DIR/before")
  [ $# -gt 0 ] || { say undo "nothing was stopped" && return; }
  until_states up "$@" && say active "$*" && return
  ask "${M_OTHER%% *}"
  case $L_LoadState in masked) no "$M_OTHER was active before, and is masked since: unmask and start it" ;; esac
  case $M_OTHER in
    *.socket\ *) no "$M_OTHER was active before; its service must be stopped to start it" ;;
    *) no "$M_OTHER was active before: see journalctl -u ${M_OTHER%% *}" ;;
  esac
}


# What may be done: the drills' own effects and commands, which stand below as gate_effect_N and gate_command_N.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154,SC3045

# gate_has NAME TEXT: the parameter is there, and is exactly that.
gate_has() { eval "[ \"\${G_p_$1+x}\" = x ] && [ \"\$G_p_$1\" = \"\$2\" ]"; }

# gate_has_like NAME LITERAL [TYPE LITERAL]…: the same, with values in it that only a run knows.
gate_has_like() {
  g_key=$1
  shift
  eval "[ \"\${G_p_$g_key+x}\" = x ] && gate_like \"\$G_p_$g_key\" \"\$@\""
}

# gate_like TEXT LITERAL [TYPE LITERAL]…: the text is the literals with a value of its type in each gap. Every way to
# part it is tried: a subshell, since it calls itself.
gate_like() (
  g_rest=${1#"$2"}
  [ "$2$g_rest" = "$1" ] || exit 1
  shift 2
  [ "$#" -gt 0 ] || [ -n "$g_rest" ] || exit 0
  [ "$#" -gt 0 ] || exit 1
  g_type=$1
  shift
  if [ "$#" = 1 ]; then
    g_gap=${g_rest%"$1"}
    [ "$g_gap$1" = "$g_rest" ] && "$g_type" "$g_gap"
    exit
  fi
  g_gap=
  while :; do
    case $g_rest in *"$1"*) ;; *) exit 1 ;; esac
    g_gap=$g_gap${g_rest%%"$1"*}
    g_rest=${g_rest#*"$1"}
    "$g_type" "$g_gap" && gate_like "$1$g_rest" "$@" && exit 0
    g_gap=$g_gap$1
  done
)

# Types of what a person answers.
gate_string() { gate_line "$1"; }
gate_integer() { m_plain "${1#-}" && m_is_number "$M_PLAIN"; }
gate_boolean() { case $1 in true | false) ;; *) return 1 ;; esac }
gate_duration() { case $1 in '' | *[!0-9a-z.]*) return 1 ;; *) [ "${#1}" -le 40 ] ;; esac }
gate_size() { case $1 in '' | *[!0-9A-Za-z.]*) return 1 ;; *) [ "${#1}" -le 40 ] ;; esac }
gate_time() { case $1 in '' | *[!0-9A-Za-z:.+\ -]*) return 1 ;; *) [ "${#1}" -le 40 ] ;; esac }
# Types of what a restore's flow asks with. They stand in its script's arithmetic, words and paths.
gate_number() { m_is_number "$1"; }
gate_word() { case $1 in *[!A-Za-z0-9_.-]*) return 1 ;; *) [ "${#1}" -le 128 ] ;; esac }
gate_plain() { case $1 in *[!A-Za-z0-9_.:+/\ -]*) return 1 ;; *) [ "${#1}" -le 128 ] ;; esac }
# What a secret may be: it stands in no file, so not here either.
gate_secret() { [ "${#1}" -le 65536 ]; }

# gate_effect: the drills have an effect of this fault with these parameters; G_SCRIPT, G_SHA256, G_CAP, G_EFFECT.
gate_effect() {
  G_EFFECT=0
  while [ "$G_EFFECT" -lt "$G_EFFECTS" ]; do
    G_EFFECT=$((G_EFFECT + 1))
    "gate_effect_$G_EFFECT" && return
  done
  return 1
}

# gate_script: V_script, the text of the effect's script; what is sent for it is its SHA-256 alone.
gate_script() {
  V_script=$("$G_SCRIPT" && echo _)
  V_script=${V_script%_}
}

# gate_unlimited: what the caller's limits allow is enough for a dead-man to live as long as it must. Root can lift
# them, but not everywhere (a container).
gate_unlimited() {
  for g_limit in t f v; do
    [ "$(ulimit "-$g_limit")" = unlimited ] || return 1
  done
  g_limit=$(ulimit -n)
  [ "$g_limit" = unlimited ] || [ "$g_limit" -ge 1024 ]
}

gate_arms() {
  [ "$g_bound" = no ] || { gate_no "the caller's scheduling or processors cannot be lifted here" || return; }
  gate_unlimited || { gate_no "limits of the caller's, of CPU time, files or memory, cannot be lifted here" || return; }
  gate_effect || { gate_no "its drills have no such effect on this host" || return; }
  [ "${V_sha256-}" = "$G_SHA256" ] || { gate_no "its script of this fault is another one" || return; }
  m_is_number "${V_cap_s-}" && [ "$V_cap_s" -le "$G_CAP" ] || { gate_no "no effect may live so long" || return; }
  gate_script
}

# gate_injects: the effect was armed as the drills have it; what it reads is what they send.
gate_injects() {
  gate_armed || return
  gate_reads "gate_effect_${G_EFFECT}_reads"
}

# gate_phases: the effect is a restore of the drills, with such a phase, and asked for with what its questions carry.
# In the script these values stand before the effect's own parameters: none of another name may come.
gate_phases() {
  for g_name in $V_params; do
    eval "G_q_$g_name=\$G_p_$g_name"
    unset "G_p_$g_name"
  done
  g_params=0
  gate_armed || return
  "gate_effect_${G_EFFECT}_phase" "${V_phase-}" || gate_no "its drills' restores have no such phase, or ask it otherwise"
}

# gate_asked NAME TYPE…: each value that came with a phase is one of these, and of its type.
gate_asked() {
  for g_key in $V_params; do
    gate_is_asked "$@" || return
  done
}
gate_is_asked() {
  while [ "$#" -gt 0 ]; do
    [ "$1" != "$g_key" ] || { eval "\"\$2\" \"\$G_q_$g_key\"" && return; }
    shift 2
  done
  return 1
}

# gate_armed: finds the drills' effect that is armed here as $g_id, and remembers what it was (m_may looks again).
# False: it is refused, or there is none: then G_ABSENT answers, and no verb is called, since one could be armed by now.
gate_armed() {
  m_root
  D=$M_ROOT/effect/$g_id
  G_SEEN=$(cat "$D/meta" "$D/params" 2>/dev/null) && m_read "$D/meta" fault || {
    G_ABSENT=yes
    return 1
  }
  V_fault=$M_VALUE
  while read -r g_name g_octal; do
    G_TEXT=$(printf '%b_' "$g_octal")
    eval "G_p_$g_name=\${G_TEXT%_}"
    g_params=$((g_params + 1))
  done <"$D/params"
  gate_effect || gate_no "what is armed is no effect of its drills"
}

# gate_reads FUNCTION: what comes on standard input is what the drills send there.
gate_reads() {
  G_TEXT=$(printf '%b_' "$g_input")
  "$1" "${G_TEXT%_}" || gate_no "its drills send nothing like that on standard input"
}

# gate_reverts: an armed effect is undone by what was armed with it, whoever armed it. A script is needed only where
# this host has forgotten the effect; then it is the one of this gate, or none.
gate_reverts() {
  m_root
  [ ! -d "$M_ROOT/effect/$g_id" ] || { V_params='' && return; }
  [ "$g_params" -gt 0 ] || [ -n "${V_sha256-}" ] || return 0
  gate_effect && [ "${V_sha256-}" = "$G_SHA256" ] ||
    { gate_no "this host has forgotten the effect, and the gate has not the script that would undo it" || return; }
  gate_script
}

gate_commands() {
  g_n=0
  set --
  while [ "$g_n" -lt "$A_count" ]; do
    eval "set -- \"\$@\" \"\$A_$g_n\""
    g_n=$((g_n + 1))
  done
  g_n=0
  while [ "$g_n" -lt "$G_COMMANDS" ]; do
    g_n=$((g_n + 1))
    "gate_command_$g_n" "$@" || continue
    gate_reads "gate_command_${g_n}_reads"
    return
  done
  gate_no "its drills have no such command on this host"
}

# gate_times: no lease and no lock reaches far ahead, so that what a lost controller holds is free again.
gate_times() {
  [ "${V_lock_s:-0}" -le 3600 ] || { gate_no "no lock is leased for so long" || return; }
  [ -n "${V_lease_until_cs-}" ] || return 0
  m_uptime
  [ "$V_lease_until_cs" -le "$((M_UPTIME + 360000))" ] || gate_no "no lease reaches so far ahead"
}

# gate_allows: the frame is one that the drills need; else g_why says why not.
gate_allows() {
  [ -z "$g_why" ] && gate_times || return
  case $g_verb in
    arm | revert | phase) ;;
    *) [ "$g_params" = 0 ] || gate_no "parameters are for arm, phase and revert" || return ;;
  esac
  case $g_verb in command) ;; *) [ "$A_count" = 0 ] || gate_no "words are for a command" || return ;; esac
  case $g_verb in inject | command) ;; *) [ -z "$g_input" ] || gate_no "this verb reads nothing" || return ;; esac
  case $g_verb in
    arm | inject | phase | revert | hold | disarm) [ "$g_id" != - ] || gate_no "the effect's id is missing" || return ;;
  esac
  case $g_verb in
    arm) gate_arms ;;
    inject) gate_injects ;;
    phase) gate_phases ;;
    revert) gate_reverts ;;
    command) gate_commands ;;
    # Without its dead-man an effect would stay: only where a drill has a step of no return.
    hold) [ "$G_HOLDS" = yes ] || gate_no "no drill of it holds an effect" ;;
    disarm) [ "$G_HOLDS" = yes ] || [ -z "${V_force-}" ] || gate_no "no drill of it forgets a live effect" ;;
  esac
}

# shellcheck shell=sh disable=SC2010,SC2015,SC2034,SC2154
# For faults with `uses: own processes`: processes are chosen once, at inject, by the parameters name, command, pid,
# unit, port, at_most and count, and remembered as "PID START BOOT": everything later goes by that.

# matches PID: by its name first, which costs nothing; kernel threads have no command line and never match.
matches() {
  M_LINE=
  if [ -n "${P_name-}" ]; then
    read -r comm 2>/dev/null <"/proc/$1/comm" || return 1
    # The kernel keeps 15 characters.
    [ "$comm" = "$P_name" ] || case $P_name in "$comm"*) [ ${#comm} = 15 ] ;; *) false ;; esac || return 1
    m_command_line "$1"
    program=${M_LINE%% *}
    [ "$comm" = "$P_name" ] || [ "${program##*/}" = "$P_name" ] || return 1
  fi
  [ -n "$M_LINE" ] || m_command_line "$1"
  [ -n "$M_LINE" ] || return 1
  case $M_LINE in *"${P_command-}"*) ;; *) return 1 ;; esac
}

# in_unit: all processes of the systemd unit.
in_unit() {
  m_have systemctl || cannot "unit: there is no systemd here"
  group=$(systemctl show --property=ControlGroup --value -- "$P_unit")
  [ -n "$group" ] || return 0
  for root in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    [ -f "$root$group/cgroup.procs" ] || continue
    find "$root$group" -name cgroup.procs -exec cat {} +
    return 0
  done
}

# listening: those that hold a socket which listens on the TCP port. systemd keeps those of its socket units too: it
# is named only when nobody else is there. What `ls` prints of /proc tells no more than whom to ask: whoever names a
# folder can write lines of it. A link that is no path nobody can name.
listening() {
  case $P_port in 0* | ??????* | *[!0-9]*) cannot "port: '$P_port' is no port" ;; esac
  hex=$(printf '%04X' "$P_port")
  inodes=" $(sed -n "s/^ *[0-9]*: [0-9A-F]*:$hex [0-9A-F]*:[0-9A-F]* 0A .*/&/p" /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    while read -r n local remote state q t r u o inode rest; do printf '%s ' "$inode"; done)"
  words=$(printf '%s' "$inodes" | tr -s ' ' '|')
  words=${words#|}
  [ -n "$words" ] || return 0
  holders=$(ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E "^/proc/[0-9]+/fd:\$| socket:\[(${words%|})\]\$" | {
    holder='' told=''
    while read -r line; do
      case $line in /proc/*) holder=${line#/proc/} && holder=${holder%%/*} && continue ;; esac
      fd=${line%% -> *}
      fd=${fd##* }
      [ "$holder" != "$told" ] && m_is_number "$holder" && m_is_number "$fd" || continue
      link=$(readlink "/proc/$holder/fd/$fd" 2>/dev/null) && inode=${link#"socket:["} && inode=${inode%]}
      [ "$link" = "socket:[$inode]" ] && m_is_number "$inode" || continue
      case $inodes in *" $inode "*) told=$holder && echo "$holder" ;; esac
    done
  } | sort -u)
  others=$(printf '%s\n' "$holders" | grep -vx 1) || :
  printf '%s\n' "${others:-$holders}"
}

candidates() {
  if [ -n "${P_pid-}" ]; then
    m_is_number "$P_pid" || cannot "pid: '$P_pid' is no number"
    m_stat "$P_pid" && echo "$P_pid"
  elif [ -n "${P_unit-}" ]; then
    in_unit
  elif [ -n "${P_port-}" ]; then
    listening
  else
    for dir in /proc/[0-9]*; do
      if matches "${dir#/proc/}"; then echo "${dir#/proc/}"; fi
    done
  fi
  return 0
}

# choose: M_PICKED, one identity a line, of all that match and run; M_MATCHES, how many match. LEAVE_STOPPED=yes
# passes over what is stopped already.
choose() {
  [ -n "${P_name-}${P_command-}${P_pid-}${P_unit-}${P_port-}" ] || cannot "give name, command, pid, unit or port"
  m_is_number "${P_at_most:-16}" || cannot "at_most: '$P_at_most' is no number"
  m_is_number "${P_count:-1}" || cannot "count: '$P_count' is no number"
  found=$(candidates) || {
    code=$?
    printf '%s\n' "$found"
    exit "$code"
  }
  m_chain
  M_PICKED='' M_MATCHES=0 stopped=0
  for pid in $found; do
    m_identity "$pid" || continue
    case $M_STATE in
      Z) continue ;;
      # Somebody else stopped it; it is not ours to wake.
      T | t) [ "${LEAVE_STOPPED-}" != yes ] || { stopped=$((stopped + 1)) && continue; } ;;
    esac
    if why=$(m_protected "$pid"); then
      m_command_line "$pid"
      no "process $pid ($M_LINE) matches, but $why: name the processes more closely"
    fi
    if ! kill -0 "$pid" 2>/dev/null; then
      m_stat "$pid" || continue
      no "process $pid matches, and is not ours to send signals to: become root, or its user"
    fi
    M_MATCHES=$((M_MATCHES + 1))
    M_PICKED=$M_PICKED$M_IDENTITY$M_NL
  done
  [ "$stopped" = 0 ] || say already_stopped "$stopped"
  [ "$M_MATCHES" -gt 0 ] || no "no running process matches"
  say matches "$M_MATCHES"
  count=$M_MATCHES
  if [ -n "${P_count-}" ]; then
    [ "$P_count" -gt 0 ] || no "count: 0 processes are none"
    [ "$P_count" -le "$count" ] || no "$count processes match, count is $P_count"
    count=$P_count
    M_PICKED=$(printf '%s' "$M_PICKED" | sort -k 2,2n -k 1,1n | head -n "$count")$M_NL
  fi
  [ "$count" -le "${P_at_most:-16}" ] || no "$count processes match, at_most is ${P_at_most:-16}"
}

# claim_picked: no other effect is at those processes.
claim_picked() {
  m_lines=$M_PICKED
  while [ -n "$m_lines" ]; do
    m_one=${m_lines%%"$M_NL"*}
    m_lines=${m_lines#*"$M_NL"}
    [ -z "$m_one" ] || claim "process ${m_one% *}"
  done
}

# shellcheck shell=sh disable=SC2012,SC2034
# For faults with `uses: own`: what Muster itself needs on this host and no fault may take away: the processes
# that it works through, and the connection on which it came.

# m_chain: M_CHAIN, this process and those above it, process 1 not among them.
m_chain() {
  [ -z "${M_CHAIN-}" ] || return 0
  m_self
  m_up=$M_SELF
  while [ "$m_up" -gt 1 ] && m_stat "$m_up"; do
    M_CHAIN="${M_CHAIN-} $m_up"
    m_up=$M_PARENT
  done
}

# m_command_line PID: M_LINE, its arguments with blanks between; empty for a kernel thread.
m_command_line() { M_LINE=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline"); }

# m_keeps_network PID: it gives this host its addresses, or carries the network (a VPN) on which somebody may come.
m_keeps_network() {
  m_comm=
  IFS= read -r m_comm 2>/dev/null <"/proc/$1/comm" || :
  case $m_comm in
    NetworkManager | systemd-network* | dhclient* | dhcpcd* | udhcpc* | wpa_supplicant | iwd | connmand | ifupd* | pppd | \
      openvpn* | charon* | tailscaled | wireguard*) ;;
    *) return 1 ;;
  esac
}

# m_protected PID: says why hurting it would harm Muster or the host; false when it would not.
m_protected() {
  [ "$1" != 1 ] || { echo "it is process 1" && return; }
  m_chain
  case " $M_CHAIN " in *" $1 "*) echo "Muster works through it" && return ;; esac
  for m_file in "${M_TARGET-/nowhere}"/effect/*/deadman.pid; do
    M_PID=
    read -r M_PID m_rest 2>/dev/null <"$m_file" || :
    [ "$M_PID" != "$1" ] || { echo "it is a dead-man" && return; }
  done
  if m_keeps_network "$1"; then
    [ -n "${M_WAY-}" ] || m_ways
    [ "$M_WAY" = local ] || { echo "Muster came in by the network that it keeps up" && return; }
  fi
  m_command_line "$1"
  case $M_LINE in
    '') echo "it has no command line, as threads of the kernel" ;;
    *"${M_TARGET-/nowhere}/effect/"*) echo "it works on an effect of Muster" ;;
    # Other channels of this run, and the sudo that one may stand behind.
    'sh -s ' | *' sh -s ') echo "it looks like a channel of Muster (sh -s)" ;;
    *' muster-gate ' | *'/muster/gate ') echo "it looks like a channel of Muster (its gate)" ;;
    *) return 1 ;;
  esac
}

# m_address HEX: M_FAMILY (4 or 6) and M_ADDRESS of an address as /proc/net/tcp and tcp6 write it: words of
# 32 bits in the byte order of the machine.
m_address() {
  m_hex=$1 M_ADDRESS='' M_FAMILY=6
  if [ -z "${M_LITTLE-}" ]; then
    M_LITTLE=yes
    case $(printf '\1\0' | od -An -tu2 2>/dev/null) in *256*) M_LITTLE=no ;; esac
  fi
  # IPv4 in IPv6: how a server that listens on both sees its clients.
  case $m_hex in
    0000000000000000[Ff][Ff][Ff][Ff]0000???????? | 00000000000000000000[Ff][Ff][Ff][Ff]????????)
      m_hex=${m_hex#????????????????????????}
      ;;
  esac
  [ ${#m_hex} != 8 ] || M_FAMILY=4
  while [ -n "$m_hex" ]; do
    m_word=${m_hex%"${m_hex#????????}"}
    m_hex=${m_hex#????????}
    m_a=${m_word%??????} m_b=${m_word#??} m_c=${m_word#????} m_d=${m_word#??????}
    m_b=${m_b%????} m_c=${m_c%??}
    if [ "$M_LITTLE" = yes ]; then
      m_word=$m_a m_a=$m_d m_d=$m_word
      m_word=$m_b m_b=$m_c m_c=$m_word
    fi
    if [ "$M_FAMILY" = 4 ]; then
      M_ADDRESS=$((0x$m_a)).$((0x$m_b)).$((0x$m_c)).$((0x$m_d))
    else
      M_ADDRESS=$M_ADDRESS${M_ADDRESS:+:}$m_a$m_b:$m_c$m_d
    fi
  done
}

# m_sockets_of PID: M_INODES, its sockets, with blanks around each.
m_sockets_of() {
  M_INODES=" $(ls -l "/proc/$1/fd" 2>/dev/null |
    sed -n 's/.* socket:\[\([0-9]*\)\]$/\1/p' | tr '\n' ' ') "
}

# m_ways_of [PORTS]: adds the established TCP connections among M_INODES to M_WAYS, of PORTS (with blanks around
# each) only those that came in there; those of loopback are never cut.
m_ways_of() {
  m_words=$(printf '%s' "$M_INODES" | tr -s ' ' '|')
  m_words=${m_words#|}
  m_words=${m_words%|}
  [ -n "$m_words" ] || return 0
  m_lines=$(grep -hE "[[:space:]]($m_words)[[:space:]]" /proc/net/tcp /proc/net/tcp6 2>/dev/null | tr 'A-F' 'a-f')
  while read -r m_n m_local m_remote m_state m_q m_t m_r m_u m_o m_inode m_rest; do
    [ "$m_state" = 01 ] || continue
    case $M_INODES in *" $m_inode "*) ;; *) continue ;; esac
    case ${1-any} in any | *" ${m_local#*:} "*) ;; *) continue ;; esac
    [ -n "${1-}" ] || M_WAY=found
    m_address "${m_remote%:*}"
    case $M_ADDRESS in 127.* | 0000:0000:0000:0000:0000:0000:0000:0001) continue ;; esac
    m_way="$M_FAMILY $M_ADDRESS $((0x${m_local#*:}))"
    case "$M_NL$M_WAYS" in *"$M_NL$m_way$M_NL"*) ;; *) M_WAYS=$M_WAYS$m_way$M_NL ;; esac
  done <<END
$m_lines
END
}

# m_is_ssh PID: it is an ssh server.
m_is_ssh() {
  m_comm=
  IFS= read -r m_comm 2>/dev/null <"/proc/$1/comm" || :
  case $m_comm in sshd* | dropbear* | tinysshd*) ;; *) return 1 ;; esac
}

# m_same_network PID: what is cut here is cut for it too, or that cannot be told.
m_same_network() {
  m_theirs=$(ls -l "/proc/$1/ns/net" 2>/dev/null)
  m_our=$(ls -l /proc/self/ns/net 2>/dev/null)
  [ "${m_theirs##* }" = "${m_our##* }" ] || [ -z "$m_theirs" ]
}

# m_ways: M_WAYS, a line "FAMILY ADDRESS PORT" (the other side's address, our port) for each connection on which
# somebody works here who is above this process. M_WAY: found; local (nobody came by the network); lost (an ssh
# server is above, and its connection cannot be seen).
m_ways() {
  M_WAYS='' M_WAY=local
  m_chain
  m_ssh=no
  for m_p in $M_CHAIN; do
    if m_is_ssh "$m_p" && m_same_network "$m_p"; then m_ssh=yes; fi
    # A runner on this very host: its connections are probes, and they are to be cut.
    [ "$m_comm" != muster ] || continue
    m_sockets_of "$m_p"
    m_ways_of
  done
  if [ "$M_WAY$m_ssh" = localyes ]; then M_WAY=lost; fi
}

# m_ssh_ways: adds to M_WAYS every connection that came in to an ssh server of this host: who works here in a way that
# no parent tells of (tmux, a unit of systemd, another process tree) must not be locked out either. Only what came in
# to a port where somebody listens: what goes out by an ssh server is others' traffic.
m_ssh_ways() {
  m_listening=" $(sed -n 's/^ *[0-9]*: [0-9A-Fa-f]*:\([0-9A-Fa-f]*\) [0-9A-Fa-f]*:[0-9A-Fa-f]* 0A .*/\1/p' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null | tr 'A-F\n' 'a-f ') "
  for m_p in /proc/[0-9]*; do
    m_p=${m_p#/proc/}
    m_is_ssh "$m_p" || continue
    m_sockets_of "$m_p"
    m_ways_of "$m_listening"
  done
}

#!/bin/sh
# fault: network.partition
# title: Cut a host off from others
# healer: target
# root: yes
# tools: cat cksum cut grep head id ls od sed sort tr
# uses: own peers packets tables
# param peers list required -- whom it is cut off from: addresses, networks (10.0.0.0/8, fd00::/8) or names of hosts
# param ports list -- only these ports, at either side, as 5432 or 5000-5010
# param protocol string default any -- any, tcp, udp or icmp
# param direction string default both -- in, out or both
# param how string default drop -- drop (silence) or reject (refused at once)
# param forwarded boolean default false -- also what this host passes on for others, as for containers
# param check_port integer -- a TCP port of the peers that answers before and must not answer then
# param tool string -- nft or iptables; without it nft, where that works

# shellcheck disable=SC2034,SC2153,SC2154
# Connections that are open already are cut too. The one on which Muster came, and all that came in by ssh, are let
# through, by address and port, and that is proven before anything else; so are this host's own loopback and the
# neighbour discovery of IPv6.

shown() { printf '%.40s' "$1"; }

# one_port TEXT: adds it to M_PORTS.
one_port() {
  for end in "${1%%-*}" "${1#*-}"; do
    case $end in '' | 0* | ??????* | *[!0-9]*) cannot "ports: '$(shown "$1")' is no port and no range of them" ;; esac
    [ "$end" -le 65535 ] || cannot "ports: $end is above 65535"
  done
  [ "${1%%-*}" -le "${1#*-}" ] || cannot "ports: $1 ends before it begins"
  M_PORTS=$M_PORTS${M_PORTS:+,}$1
}

ports() {
  M_PORTS='' nth=0
  m_is_number "${P_ports_count:-0}" || cannot "ports: no list"
  [ "${P_ports_count:-0}" -le 32 ] || cannot "ports: at most 32"
  while [ "$nth" -lt "${P_ports_count:-0}" ]; do
    eval "one_port \"\${P_ports_$nth-}\""
    nth=$((nth + 1))
  done
}

# cuts: M_CUTS, M_CHAINS and M_FORWARD_SIDES for packets.sh.
cuts() {
  ports
  case ${P_how:-drop} in
    drop) refusal=drop reset=drop first= ;;
    reject) refusal=reject reset=reset first="tcp - - reset$M_NL" ;;
    *) cannot "how: '$(shown "$P_how")' is neither drop nor reject" ;;
  esac
  case ${P_protocol:-any}${M_PORTS:+.ports} in
    any) M_CUTS="${first}any - - $refusal$M_NL" ;;
    tcp) M_CUTS="tcp - - $reset$M_NL" ;;
    udp | icmp) M_CUTS="$P_protocol - - $refusal$M_NL" ;;
    any.ports | tcp.ports | udp.ports)
      M_CUTS=
      for side in dport sport; do
        [ "${P_protocol:-any}" = udp ] || M_CUTS="${M_CUTS}tcp $side $M_PORTS $reset$M_NL"
        [ "${P_protocol:-any}" = tcp ] || M_CUTS="${M_CUTS}udp $side $M_PORTS $refusal$M_NL"
      done
      ;;
    icmp.ports) cannot "ports: icmp has none" ;;
    *) cannot "protocol: '$(shown "$P_protocol")' is none of any, tcp, udp, icmp" ;;
  esac
  case ${P_direction:-both} in
    in) M_CHAINS=input M_FORWARD_SIDES=saddr ;;
    out) M_CHAINS=output M_FORWARD_SIDES=daddr ;;
    both) M_CHAINS='input output' M_FORWARD_SIDES='saddr daddr' ;;
    *) cannot "direction: '$(shown "$P_direction")' is none of in, out, both" ;;
  esac
  [ "${P_forwarded:-false}" != true ] || M_CHAINS="$M_CHAINS forward"
  [ "$((M_PEER_COUNT * (${P_ports_count:-0} + 1)))" -le 2048 ] || cannot "too many peers times ports"
}

# own_way: refuses where Muster could cut itself off.
own_way() {
  m_ways
  [ "$M_WAY" != lost ] || no "Muster came in by ssh, and its connection cannot be found: it could be cut off"
  case $M_PEERS in
    */0"$M_NL"*) [ -n "$M_WAYS" ] || no "peers: a network of all addresses, and no connection of Muster to let through" ;;
  esac
  m_ssh_ways
  [ "$(printf '%s' "$M_WAYS" | grep -c .)" -le 256 ] || no "more than 256 connections have come in by ssh"
  printf '%s' "$M_WAYS" >"$M_DIR/ways" || cannot "Muster's own connection cannot be remembered"
}

say_ways() {
  here=
  [ "$M_WAY" != local ] || here=' (Muster runs on this host)'
  say lets_through "loopback$here; $(printf '%s' "$M_WAYS" | while read -r family address port; do
    printf '%s at port %s; ' "$address" "$port"
  done)"
}

# reaches ADDRESS PORT: a connection can be made, within two seconds.
reaches() {
  if m_have bash && m_have timeout; then
    # shellcheck disable=SC2016 # bash's own
    timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" </dev/null >/dev/null 2>&1 3>&-
  elif m_have nc; then
    nc -z -w 2 "$1" "$2" </dev/null >/dev/null 2>&1 3>&-
  else
    cannot "check_port: that needs bash or nc here"
  fi
}

# checked: M_CHECKED, the first three addresses that are no networks.
checked() {
  M_CHECKED=
  [ -n "${P_check_port-}" ] || return 0
  case $P_check_port in 0* | ??????* | *[!0-9]*) cannot "check_port: '$(shown "$P_check_port")' is no port" ;; esac
  M_CHECKED=$(printf '%s' "$M_PEERS" | grep -v / | cut -d ' ' -f 2 | head -n 3)
  [ -n "$M_CHECKED" ] || cannot "check_port: the peers are networks: there is no address to try"
  case ${P_protocol:-any} in any | tcp) ;; *) cannot "check_port: only TCP is tried" ;; esac
}

precheck() {
  [ "$(id -u)" = 0 ] || no "cutting packets needs root"
  peers
  own_way
  cuts
  pick_tool
  claim "the packets of this host"
  say tool "$M_TOOL"
  say peers "$(printf '%s' "$M_PEERS" | cut -d ' ' -f 2 | tr '\n' ' ')"
  say_ways
  say_casualties
  checked
  for address in $M_CHECKED; do
    reaches "$address" "$P_check_port" || no "nothing answers at $address port $P_check_port even now"
  done
}

inject() {
  peers
  own_way
  cuts
  pick_tool
  echo "$M_TOOL" >"$M_DIR/tool" || cannot "what is put in cannot be remembered"
  others >"$M_DIR/others"
  put_in || cannot "$M_TOOL has not taken the rules"
  if ! ways_first; then
    take_out
    cannot "the connection of Muster is not let through first: taken out again"
  fi
  ours "$M_TOOL" >"$M_DIR/rules" || cannot "the rules cannot be read back"
  say_ways
  say_casualties
}

# What is there is what was put in, to the letter; and counts.
verify() {
  [ -s "$M_DIR/rules" ] || cannot "what was put in is forgotten"
  peers
  cuts
  families
  tools_used
  M_TOOL=$M_TOOLS
  M_WAYS=$(cat "$M_DIR/ways")
  M_WAYS=$M_WAYS${M_WAYS:+$M_NL}
  now=$(ours "$M_TOOL") || cannot "$M_TOOL cannot tell which rules there are"
  [ -n "$now" ] || no "the rules are gone"
  [ "$now" = "$(cat "$M_DIR/rules")" ] || no "somebody has changed the rules"
  ways_first || no "the connection of Muster is not let through first"
  [ -z "${M_AGAIN-}" ] || return 0
  proof='the rules are in place'
  checked
  for address in $M_CHECKED; do
    ! reaches "$address" "$P_check_port" || no "$address port $P_check_port still answers"
    proof="$proof, no connection to $address port $P_check_port"
  done
  cut_packets
  say cut_packets "$M_PACKETS"
  say proof "$proof"
}

revert() { take_out; }

clean() {
  tools_used
  for tool in $M_TOOLS; do
    left=$(ours "$tool") || cannot "$tool cannot tell which rules there are"
    [ -z "$left" ] || no "rules of ours are still there: $(first_line "$left")"
  done
  if [ ! -s "$M_DIR/others" ]; then return 0; fi
  if [ "$(cat "$M_DIR/others")" = "$(others)" ]; then
    say other_rules "as before"
  else
    say other_rules "changed meanwhile, by somebody else"
  fi
}

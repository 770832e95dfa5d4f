# shellcheck shell=sh disable=SC2034,SC2154
# For faults with `uses: own peers packets tables`: the rules that cut packets, as text: an nft table of our own, named
# after the effect; or, without nft, iptables chains of our own.
#
# The parameters are M_PEERS, M_WAYS, M_CHAINS (of "input output forward", those to cut in) and M_CUTS, lines of
# "PROTOCOL SIDE PORTS VERDICT": protocol any, tcp, udp or icmp; side dport, sport or -; ports as 80 or 80-90,
# with commas; verdict drop, reset (of tcp) or reject.

# m_tags: TABLE of nft, TAG of the chains of iptables (whose names have 28 characters at most).
m_tags() {
  TABLE=muster_$(printf '%s' "$M_EFFECT" | tr -c 'A-Za-z0-9' '_')
  TAG=muster-$(printf '%.16s' "$M_EFFECT" | tr -c 'A-Za-z0-9' '_')
}

# sides CHAIN: which address is the peer's: of what comes in the sender's, of what goes out the receiver's.
sides() {
  case $1 in
    input) M_SIDES=saddr ;;
    output) M_SIDES=daddr ;;
    forward) M_SIDES=$M_FORWARD_SIDES ;;
  esac
}

# --- nft

nft_chain() {
  sides "$1"
  printf '  chain %s {\n    type filter hook %s priority -5; policy accept;\n' "$1" "$1"
  case $1 in
    input) echo '    iifname "lo" accept' && way='saddr %s tcp dport %s' ;;
    output) echo '    oifname "lo" accept' && way='daddr %s tcp sport %s' ;;
    forward) way= ;;
  esac
  # The way in comes first. What finds the neighbours of IPv6 is left alone too, as ARP is: it is the link's.
  [ -z "$way" ] || printf '%s' "$M_WAYS" | while read -r family address port; do
    # shellcheck disable=SC2059 # ours
    printf "    %s $way accept comment \"muster: way in\"\n" "$(ip_word "$family")" "$address" "$port"
  done
  [ "$1" = forward ] ||
    echo '    icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept'
  if [ "$1" = output ]; then
    case $M_CUTS in
      *re[sj]e*) # our own refusals must come through
        echo '    tcp flags & rst == rst accept'
        echo '    meta l4proto icmp icmp type destination-unreachable accept'
        echo '    meta l4proto ipv6-icmp icmpv6 type destination-unreachable accept'
        ;;
    esac
  fi
  printf '%s' "$M_PEERS" | while read -r family address; do
    for side in $M_SIDES; do nft_cuts "$(ip_word "$family") $side $address"; done
  done
  echo '  }'
}
ip_word() { if [ "$1" = 4 ]; then echo ip; else echo ip6; fi; }

nft_cuts() {
  printf '%s' "$M_CUTS" | while read -r protocol side ports verdict; do
    case $protocol.$side in
      any.*) match= ;;
      icmp.*) match='meta l4proto { icmp, ipv6-icmp }' ;;
      *.-) match="meta l4proto $protocol" ;;
      *) match="$protocol $side { $ports }" ;;
    esac
    case $verdict in
      drop) action=drop ;;
      reset) action='reject with tcp reset' ;;
      reject) action=reject ;;
    esac
    printf '    %s %s counter %s comment "muster %s"\n' "$1" "$match" "$action" "$M_EFFECT"
  done
}

nft_rules() {
  echo "table inet $TABLE {"
  for chain in $M_CHAINS; do nft_chain "$chain"; done
  echo '}'
}

# --- iptables

# chain_name CHAIN
chain_name() { printf '%s-%.1s' "$TAG" "$1"; }

# ipt_chain FAMILY CHAIN: RETURN leaves the packet to the other rules of this host.
ipt_chain() {
  name=$(chain_name "$2")
  sides "$2"
  case $2 in
    input) echo "-A $name -i lo -j RETURN" && way='-s %s -p tcp --dport %s' ;;
    output) echo "-A $name -o lo -j RETURN" && way='-d %s -p tcp --sport %s' ;;
    forward) way= ;;
  esac
  [ -z "$way" ] || printf '%s' "$M_WAYS" | while read -r family address port; do
    [ "$family" = "$1" ] || continue
    # shellcheck disable=SC2059
    printf -- "-A $name $way -j RETURN\n" "$address" "$port"
  done
  if [ "$1" = 6 ] && [ "$2" != forward ]; then
    for type in 133 134 135 136; do echo "-A $name -p ipv6-icmp --icmpv6-type $type -j RETURN"; done
  fi
  if [ "$2" = output ]; then
    case $M_CUTS$1 in
      *re[sj]e*4)
        echo "-A $name -p tcp --tcp-flags RST RST -j RETURN"
        echo "-A $name -p icmp --icmp-type destination-unreachable -j RETURN"
        ;;
      *re[sj]e*6)
        echo "-A $name -p tcp --tcp-flags RST RST -j RETURN"
        echo "-A $name -p ipv6-icmp --icmpv6-type destination-unreachable -j RETURN"
        ;;
    esac
  fi
  printf '%s' "$M_PEERS" | while read -r family address; do
    [ "$family" = "$1" ] || continue
    for side in $M_SIDES; do
      case $side in saddr) ipt_cuts "$1" "-s $address" ;; *) ipt_cuts "$1" "-d $address" ;; esac
    done
  done
}

ipt_cuts() {
  printf '%s' "$M_CUTS" | while read -r protocol side ports verdict; do
    case $1.$protocol in
      *.any) match= ;;
      6.icmp) match='-p ipv6-icmp' ;;
      *) match="-p $protocol" ;;
    esac
    case $verdict in
      drop) action=DROP ;;
      reset) action='REJECT --reject-with tcp-reset' ;;
      reject) action=REJECT ;;
    esac
    if [ "$side" = - ]; then
      echo "-A $name $2 $match -j $action"
    else
      for port in $(echo "$ports" | tr ',-' ' :'); do echo "-A $name $2 $match --$side $port -j $action"; done
    fi
  done
}

# ipt_rules FAMILY: one transaction of iptables-restore.
ipt_rules() {
  echo '*filter'
  for chain in $M_CHAINS; do echo ":$(chain_name "$chain") - [0:0]"; done
  for chain in $M_CHAINS; do ipt_chain "$1" "$chain"; done
  for chain in $M_CHAINS; do
    printf -- '-I %s 1 -j %s\n' "$(echo "$chain" | tr '[:lower:]' '[:upper:]')" "$(chain_name "$chain")"
  done
  echo COMMIT
}

families() {
  M_FAMILIES=
  case "$M_NL$M_PEERS" in *"$M_NL"4\ *) M_FAMILIES=4 ;; esac
  case "$M_NL$M_PEERS" in *"$M_NL"6\ *) M_FAMILIES="$M_FAMILIES 6" ;; esac
}
ipt() { if [ "$1" = 4 ]; then echo iptables; else echo ip6tables; fi; }

# shellcheck shell=sh disable=SC2034,SC2154
# For faults with `uses: own peers`: the other side of a network, by the parameter `peers`, as lines
# "FAMILY ADDRESS" (family 4 or 6; an address, or a network as ADDRESS/BITS).

MOST_PEERS=256

# number4 ADDRESS: M_NUMBER4 of an IPv4 address; false when it is none.
number4() {
  M_NUMBER4=0 m_left=$1. m_parts=0
  while [ -n "$m_left" ]; do
    m_part=${m_left%%.*}
    m_left=${m_left#*.}
    case $m_part in '' | 0?* | ????* | *[!0-9]*) return 1 ;; esac
    [ "$m_part" -le 255 ] || return 1
    M_NUMBER4=$((M_NUMBER4 * 256 + m_part))
    m_parts=$((m_parts + 1))
  done
  [ "$m_parts" = 4 ]
}

# holds4 NETWORK ADDRESS: the IPv4 network, or address, holds it.
holds4() {
  m_bits=32
  case $1 in */*) m_bits=${1#*/} ;; esac
  number4 "${1%/*}" || return 1
  m_network=$M_NUMBER4
  number4 "$2" || return 1
  [ "$((m_network >> (32 - m_bits)))" = "$((M_NUMBER4 >> (32 - m_bits)))" ]
}

# bits TEXT MOST: the part behind the slash of TEXT, when there is one, is a prefix length.
bits() {
  case $1 in */*) ;; *) return 0 ;; esac
  m_bits=${1#*/}
  case $m_bits in '' | 0?* | ????* | *[!0-9]*) return 1 ;; esac
  [ "$m_bits" -le "$2" ]
}

# add_peer FAMILY ADDRESS: a line of M_PEERS, once. The host's own loopback is never cut.
add_peer() {
  case "$1 $2" in
    "4 127."* | "6 ::1" | "6 ::1/"*) no "peers: $2 is this host's loopback, which is never cut${3:+ ($3)}" ;;
  esac
  case "$M_NL$M_PEERS" in *"$M_NL$1 $2$M_NL"*) return 0 ;; esac
  M_PEER_COUNT=$((M_PEER_COUNT + 1))
  [ "$M_PEER_COUNT" -le "$MOST_PEERS" ] || no "peers: more than $MOST_PEERS addresses"
  M_PEERS=$M_PEERS$1\ $2$M_NL
}

# resolve NAME: its addresses, as this host knows them now.
resolve() {
  m_have getent || cannot "peers: names cannot be resolved here (no getent): give addresses"
  m_found=$(getent ahosts "$1" | sed -n 's/^\([0-9a-fA-F.:]*\) .*/\1/p' | sort -u)
  [ -n "$m_found" ] || no "peers: $1 cannot be resolved here"
  for m_one in $m_found; do
    case $m_one in *:*) add_peer 6 "$m_one" "$1" ;; *) add_peer 4 "$m_one" "$1" ;; esac
  done
}

# one_peer TEXT: an address, a network, or the name of a host.
one_peer() {
  m_shown=$(printf '%.80s' "$1")
  case $1 in
    '' | [-.]* | *[!A-Za-z0-9:./_-]*) cannot "peers: '$m_shown' is neither an address nor a name" ;;
    *:*)
      case ${1%%/*} in *[!0-9a-fA-F:]* | *:*:*:*:*:*:*:*:*) cannot "peers: '$m_shown' is no IPv6 address" ;; esac
      bits "$1" 128 || cannot "peers: '$m_shown' has no length between 0 and 128"
      add_peer 6 "$1"
      ;;
    *[!0-9./]*)
      case $1 in */*) cannot "peers: '$m_shown' is no network" ;; esac
      [ ${#1} -le 253 ] || cannot "peers: '$m_shown…' is too long for a name"
      resolve "$1"
      ;;
    *)
      number4 "${1%%/*}" || cannot "peers: '$m_shown' is no IPv4 address"
      bits "$1" 32 || cannot "peers: '$m_shown' has no length between 0 and 32"
      add_peer 4 "$1"
      ;;
  esac
}

# peers: M_PEERS. Names are resolved the first time, and go by that from then on.
peers() {
  M_PEERS='' M_PEER_COUNT=0
  if [ -s "$M_DIR/peers" ]; then
    M_PEERS=$(cat "$M_DIR/peers")$M_NL
    M_PEER_COUNT=$(grep -c . "$M_DIR/peers")
    return 0
  fi
  m_is_number "${P_peers_count:-none}" || cannot "peers: none is given"
  [ "$P_peers_count" -gt 0 ] || cannot "peers: none is given"
  [ "$P_peers_count" -le "$MOST_PEERS" ] || cannot "peers: more than $MOST_PEERS"
  m_nth=0
  while [ "$m_nth" -lt "$P_peers_count" ]; do
    eval "one_peer \"\${P_peers_$m_nth-}\""
    m_nth=$((m_nth + 1))
  done
  printf '%s' "$M_PEERS" >"$M_DIR/peers" || cannot "the addresses cannot be remembered"
}

# peers_hold ADDRESS: one of them is, or holds, this address. (IPv6 networks are not looked into.)
peers_hold() {
  while read -r m_family m_peer; do
    [ "$m_peer" != "$1" ] || return 0
    if [ "$m_family" = 4 ] && holds4 "$m_peer" "$1"; then return 0; fi
  done <<END
$M_PEERS
END
  return 1
}

# say_casualties: evidence of what else this host loses with them: its name servers, its way to other networks.
say_casualties() {
  while read -r m_key m_server m_rest; do
    [ "$m_key" = nameserver ] && peers_hold "$m_server" && say cuts_name_server "$m_server"
  done 2>/dev/null </etc/resolv.conf
  while read -r m_if m_to m_gateway m_rest; do
    if [ "$m_to" = 00000000 ] && [ "$m_gateway" != 00000000 ]; then
      m_address "$m_gateway"
      ! peers_hold "$M_ADDRESS" || say names_default_gateway "$M_ADDRESS"
    fi
  done 2>/dev/null </proc/net/route
  return 0
}

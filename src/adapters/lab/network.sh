#!/bin/sh
# network.sh up|down: the lab's wires.
#
# A bridge in a namespace of its own, a namespace for every node, and one veth from the machine into
# the bridge with the controller's address. No default route, no translation, no forwarding: nothing
# of the lab leaves the machine, and nothing of the machine's network changes but one interface.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

refuse_overlap() {
  # "match" are the routes that hold the subnet, "root" those that lie in it.
  for how in match root; do
    ip -4 route show table all "$how" "$SUBNET" | grep -v -e '^default' -e "dev $WIRES " |
      while read -r route; do
        fail "the lab's network $SUBNET overlaps a route of this machine: '$route'; choose another one in the definition of the lab"
      done
  done
}

up() {
  [ ! -e "/run/netns/$WIRES" ] || return 0
  refuse_overlap
  ip netns add "$WIRES"
  ip -n "$WIRES" link set lo up
  ip -n "$WIRES" link add lab type bridge stp_state 0 forward_delay 0
  ip -n "$WIRES" link set lab up
  ip link add "$WIRES" type veth peer name machine netns "$WIRES"
  ip -n "$WIRES" link set machine master lab up
  ip link set "$WIRES" addrgenmode none
  ip address add "$CONTROLLER/$PREFIX" dev "$WIRES"
  ip link set "$WIRES" up
  for node in $(nodes); do
    wire_node "$node"
  done
}

wire_node() {
  # shellcheck source=/dev/null
  . "$STATE/nodes/$1/node.conf"
  space=$WIRES.$1
  ip netns add "$space"
  ip -n "$WIRES" link add "$1" type veth peer name eth0 netns "$space"
  ip -n "$WIRES" link set "$1" master lab # stays down until the node has power
  ip -n "$space" link set lo up
  ip -n "$space" address add "$ADDRESS/$PREFIX" dev eth0
  ip -n "$space" link set eth0 up
}

down() {
  [ ! -e "/sys/class/net/$WIRES" ] || ip link delete "$WIRES"
  for space in /run/netns/"$WIRES".* /run/netns/"$WIRES"; do
    [ ! -e "$space" ] || ip netns delete "${space##*/}"
  done
}

case ${1:-} in
up | down) "$1" ;;
*) fail "network.sh up|down" ;;
esac

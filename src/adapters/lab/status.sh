#!/bin/sh
# status.sh: a line for each node: name, address, power (on or off), sshd (yes or no), since (seconds
# since 1970; 0 when off); separated by tabs.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

one() {
  # shellcheck source=/dev/null
  . "$STATE/nodes/$1/node.conf"
  power=off sshd=no since=0
  if alive "$1"; then
    power=on
    read -r _ _ since <"$STATE/nodes/$1/init"
    if ssh_node "$1" true 2>/dev/null; then sshd=yes; fi
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$ADDRESS" "$power" "$sshd" "$since"
}
each one

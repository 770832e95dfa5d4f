#!/bin/sh
# boot.sh: gives power to all nodes, with the disks that they have, and waits until they serve: their
# boot is over, and the definition's `ready` scripts say so.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

join_group
say "network $SUBNET"
sh "$LIB/network.sh" up
each node start
each node wait
say "nodes are up: $(nodes | tr '\n' ' ')"
[ -e "$STATE/ready" ] || exit 0 # not provisioned yet
for entry in $READY; do # NODE:SCRIPT
  ssh_lab "${entry%%:*}" sudo sh -eu -s <"$STATE/definition/${entry#*:}" || fail "${entry#*:} failed on ${entry%%:*}"
  say "${entry%%:*}: ${entry#*:} done"
done

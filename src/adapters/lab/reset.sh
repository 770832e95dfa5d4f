#!/bin/sh
# reset.sh: puts all nodes back to what they were when the lab was made.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -e "$STATE/ready" ] || fail "the lab $LAB was never finished; run: muster lab up"
join_group
each node kill
each node restore
say "disks are as they were provisioned"
sh "$LIB/boot.sh"

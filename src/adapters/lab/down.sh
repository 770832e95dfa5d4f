#!/bin/sh
# down.sh: ends everything of the lab and removes all that it made, whole or in pieces. The base
# that it was built upon stays. Idempotent.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

for node in $(nodes); do
  sh "$(dirname "$0")/node.sh" kill "$node"
done
clear_group "$LAB"
sh "$(dirname "$0")/network.sh" down
rm -rf --one-file-system "$STATE"

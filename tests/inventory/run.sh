#!/bin/sh
# run.sh MUSTER: what Muster reads of an inventory, held against what Ansible reads of the same files.
# Without Ansible (package ansible-core) it is skipped, and counted so: exit status 77. MUSTER_INVENTORY_SEEDS says
# how many random inventories.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
muster=${1:?the binary}
ansible=$(command -v ansible-inventory) || {
  echo "SKIPPED: ansible-inventory is not installed (package ansible-core)"
  exit 77
}
# Ansible's own Python: another one on the PATH may not have it.
python=$(sed -n '1s/^#! *//p' "$ansible")
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
# shellcheck disable=SC2086 # it may be `env python3`
exec $python "$here/compare.py" "$muster" "$here/cases" "${MUSTER_INVENTORY_SEEDS:-20}"

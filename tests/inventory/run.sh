#!/bin/sh
# run.sh MUSTER: what Muster reads of an inventory, held against what Ansible reads of the same files.
# Without Ansible (package ansible-core) it is skipped, and counted so: exit status 77. MUSTER_INVENTORY_SEEDS says how many
# random inventories.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
muster=${1:?the binary}
if ! command -v ansible-inventory >/dev/null 2>&1 || ! python3 -c "import ansible" 2>/dev/null; then
  echo "SKIPPED: ansible-inventory is not installed (package ansible-core)"
  exit 77
fi
PYTHONDONTWRITEBYTECODE=1 exec python3 "$here/compare.py" "$muster" "$here/cases" "${MUSTER_INVENTORY_SEEDS:-60}"

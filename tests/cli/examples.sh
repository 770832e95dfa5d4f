#!/bin/sh
# examples.sh MUSTER: what the documents show checks clean as it stands there.
set -eu
muster=${1:?the binary}
source=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/cli/lib.sh
. "$source/tests/cli/lib.sh"

# example FILE FIRST_LINE: that page's block of YAML which begins so
example() {
  awk -v first="$2" '
    /^```/ { if (inside) exit; fenced = !fenced; fresh = fenced; next }
    fresh && index($0, first) == 1 { inside = 1 }
    { fresh = 0 }
    inside' "$1" | grep . || wrong "$1 shows no block that begins with '$2'" >&2
}
folder() { # folder NAME: a workspace without anything
  w=$room/$1
  mkdir -p "$w/drills" "$w/playbooks" "$w/inventory"
}

# README, "Your first drill"
folder readme
example "$source/README.md" "# inventory/hosts.yaml" >"$w/inventory/hosts.yaml"
example "$source/README.md" "# inventory/people.yaml" >"$w/inventory/people.yaml"
example "$source/README.md" "# drills/restore-test.yaml" >"$w/drills/restore-test.yaml"
status 0 "$muster" -C "$w" check
holds "1 drill (2 steps)" "$room/out"

# docs/files.md: both drills, with the playbook that Muster comes with
folder files
cp "$source/playbooks/postgres-primary-loss.yaml" "$w/playbooks/"
example "$source/docs/files.md" "drill: orders-primary-loss" >"$w/drills/orders-primary-loss.yaml"
example "$source/docs/files.md" "drill: orders-restore-test" >"$w/drills/orders-restore-test.yaml"
cat >"$w/inventory/hosts.yaml" <<'END'
all:
  vars:
    muster_environment: lab
    muster_power: {down: [power, down, "${host.name}"], up: [power, up, "${host.name}"], status: [power, "${host.name}"]}
  children:
    orders_db: {hosts: {db-1: {}, db-2: {}}}
  hosts: {dr-1: {}, lb-1: {}}
END
cat >"$w/inventory/people.yaml" <<'END'
people:
  ana: {name: Ana Silva, unix: ana, teams: [sre]}
  bo: {name: Bo Berg, unix: bo}
  chen: {name: Chen Li, unix: chen}
  dee: {name: Dee Hall, unix: dee}
END
status 0 "$muster" -C "$w" check
holds "2 drills" "$room/out"

# docs/faults.md: shellcheck finds nothing in the fault to begin with
example "$source/docs/faults.md" "#!/bin/sh" >"$room/unit.stop.sh"
command -v shellcheck >/dev/null || {
  [ "$failed" = 0 ] || exit 1
  echo "SKIPPED: shellcheck is not installed"
  exit 77
}
status 0 shellcheck "$room/unit.stop.sh"

finish "the documents' examples"

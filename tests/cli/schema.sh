#!/bin/sh
# schema.sh MUSTER: the schemas, by an independent validator, against real files and wrong ones.
set -eu
muster=${1:?the binary}
here=$(cd "$(dirname "$0")" && pwd)
python3 -c 'import jsonschema, yaml; jsonschema.Draft202012Validator' 2>/dev/null || {
  echo "SKIPPED: python3-jsonschema and python3-yaml are not installed"
  exit 77
}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$muster" schema --all "$room/schemas" >/dev/null
"$muster" init "$room/new" >/dev/null
python3 "$here/schema.py" "$muster" "$here/../.." "$room"

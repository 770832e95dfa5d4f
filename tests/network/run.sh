#!/bin/sh
# run.sh MUSTER TEST.py: the API over TCP by the real binary, asked by curl, openssl and muster itself, on loopback.
# In a mount namespace of its own: what the runs leave in /run is nobody else's. Ends with 77 (SKIPPED) where
# something that it needs is not there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${NETWORK_INSIDE-}" ]; then
  MUSTER=$(realpath "${1:?the path of muster}")
  test=${2:?which test}
  for tool in openssl python3 curl; do
    command -v "$tool" >/dev/null || {
      echo "SKIPPED: $tool is missing"
      exit 77
    }
  done
  python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null || {
    echo "SKIPPED: python3-jsonschema is not installed"
    exit 77
  }
  way=-rm
  [ "$(id -u)" != 0 ] || way=-m
  unshare "$way" true 2>/dev/null || {
    echo "SKIPPED: no mount namespace can be made here (unshare $way)"
    exit 77
  }
  export MUSTER NETWORK_INSIDE=yes
  exec unshare "$way" sh "$0" "$MUSTER" "$test"
fi
mount -t tmpfs none /run
exec python3 "$here/$2"

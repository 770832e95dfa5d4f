#!/bin/sh
# run.sh MUSTER TEST.py: a test of the audit trail by the real binary on a real store, verified by programs that
# share no code with Muster. In a mount namespace of its own: what the runs leave in /run is nobody else's.
# Ends with 77 (SKIPPED) where something that it needs is not there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${AUDIT_INSIDE-}" ]; then
  MUSTER=$(realpath "${1:?the path of muster}")
  test=${2:?which test}
  for tool in openssl python3 git; do
    command -v "$tool" >/dev/null || {
      echo "SKIPPED: $tool is missing"
      exit 77
    }
  done
  way=-rm
  [ "$(id -u)" != 0 ] || way=-m
  unshare "$way" true 2>/dev/null || {
    echo "SKIPPED: no mount namespace can be made here (unshare $way)"
    exit 77
  }
  export MUSTER AUDIT_INSIDE=yes
  exec unshare "$way" sh "$0" "$MUSTER" "$test"
fi
mount -t tmpfs none /run
exec python3 "$here/$2"

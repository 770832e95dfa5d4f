#!/bin/sh
# lb-1: the front door leads to a database that answers.
set -eu
left=150
until psql -X -q -h 127.0.0.1 -U app -d orders -c 'select' >/dev/null 2>&1; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || {
    echo "the front door does not lead to a database that answers:" >&2
    psql -X -q -h 127.0.0.1 -U app -d orders -c 'select'
  }
  sleep 0.1
done

# What the tests of the command line share: a room of their own, and a sentence for whatever is wrong. To be sourced.
# shellcheck shell=sh
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
export MUSTER_STATE="$room/state"
failed=0

needs() { # needs PROGRAM…: without one of them the test is counted as skipped
  for program in "$@"; do
    command -v "$program" >/dev/null || {
      echo "SKIPPED: needs $program"
      exit 77
    }
  done
}
wrong() {
  printf 'FAILED: %s\n' "$*"
  failed=1
}
# holds TEXT FILE: the file holds the text
holds() {
  grep -qF -- "$1" "$2" || {
    wrong "'$1' is not in:"
    cat "$2"
  }
}
lacks() { # lacks TEXT FILE
  if grep -qF -- "$1" "$2"; then
    wrong "'$1' is in:"
    cat "$2"
  fi
}
status() { # status WANTED COMMAND…: its output goes to $room/out
  wanted=$1
  shift
  got=0
  "$@" >"$room/out" 2>&1 </dev/null || got=$?
  [ "$got" = "$wanted" ] || {
    wrong "$* ended with $got, not $wanted:"
    cat "$room/out"
  }
}
finish() { # finish WHAT
  [ "$failed" = 0 ] && echo "$1: all as told"
  exit "$failed"
}

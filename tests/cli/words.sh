#!/bin/sh
# words.sh MUSTER: what is said to a wrong word, what Tab offers, and what the man page promises.
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

said() { # said WHAT HINT WORD…: muster WORD… ends with 2, names the word and the right one
  what=$1 hint=$2
  shift 2
  status 2 "$muster" "$@"
  holds "muster: $what" "$room/out"
  holds "        $hint" "$room/out"
}
# shellcheck disable=SC2016 # a message's quotes
wrong_words() {
  said 'there is no command `chekc`' 'did you mean `check`?' chekc
  said 'there is no command `step anser`' 'did you mean `answer`?' step anser decide
  said 'there is no command `frobnicate`' 'there is: init, schema, check' frobnicate
  said '`muster check` has no option `--jsn`' 'did you mean `--json`?' check --jsn
  said '`muster` has no option `--wokspace`' 'did you mean `--workspace`?' --wokspace=x check
  said '`muster check` has no option `-C`' 'it stands before the command: muster -C … check' check -C /tmp
  said 'which command of `muster audit`?' 'there is: log, verify' audit
  said 'which command of `muster`?' 'there is: init'
}
wrong_words
# What is wrong otherwise is told as before; values are no words.
status 2 "$muster" run
holds "DRILL is required" "$room/out"
status 2 "$muster" run --plan --no-input
lacks "no option" "$room/out"
status 1 "$muster" step answer decide --reason chekc
lacks "no command" "$room/out"
status 0 "$muster" --help
status 0 "$muster" step note --help

w=$room/w
"$muster" init "$w" >/dev/null
offers() { # offers 'A B C' WORD…: these, one a line
  wanted=$1
  shift
  got=$("$muster" complete -- "$@" 2>/dev/null | tr '\n' ' ')
  [ "${got% }" = "$wanted" ] || wrong "after '$*' Tab offers '$got', not '$wanted'"
}
offers "check" che
offers "bash zsh fish" completion ""
offers "down up status" lab power ""
offers "drill playbook people policy secrets witnesses calendars notifications server retention lab fault restore openapi" schema ""
offers "pgbackrest" schema restore ""
offers "disk.fill" schema fault di
offers "" schema drill ""
offers "full participant redacted" report --edition ""
offers "participant" report --edition = p
offers "full participant redacted" report --edition =
offers "restore-test" -C "$w" run ""
offers "restore-test" -C "$w" schedule next ""
offers "Europe/Berlin" schedule next --timezone Europe/Berli
offers "$("$muster" -C "$w" plan restore-test | sed -n 's/^  hash sha256:\(.\{16\}\).*/\1/p')" -C "$w" run restore-test --plan ""
offers "" -C "$w" run --plan ""
offers "--plan" run --pl
offers "" report --output ""

"$muster" man-page >"$room/man"
sed -n 1p "$room/man" | grep -qE '^\.TH MUSTER 1 "[0-9]{4}-[0-9]{2}-[0-9]{2}" "muster [0-9.]+" "User Commands"$' ||
  wrong "the man page begins with $(sed -n 1p "$room/man")"
tr '\n' ' ' <"$room/man" >"$room/line"
holds ".B muster recover may end with 6, too." "$room/line"

finish "words"

#!/bin/sh
# structure.sh ROOT: what must hold of the sources and what no compiler says. Prints each breach with its place.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:?the top folder}"

breaches() {
  # shellcheck disable=SC2046,SC2086 # names without blanks: checked below
  awk -f "$here/includes.awk" $(find src -name CMakeLists.txt | sort) $sources

  # shellcheck disable=SC2086
  grep -nE '#[[:space:]]*include[[:space:]]*[<"](yaml-cpp/|yaml\.h)' $sources | grep -v '^src/config/' |
    sed 's/$/  <- only config\/ knows yaml-cpp/' || :
  # shellcheck disable=SC2086
  grep -nE '#[[:space:]]*include[[:space:]]*[<"]boost/(asio|beast|process)' $sources | grep -vE '^src/(adapters|api|cli)/' |
    sed 's/$/  <- Asio, Beast and Process stay in adapters\/, api\/ and cli\//' || :

  # What an entry's bytes hold of people are numbers: only with what was read of the store are they names again.
  # shellcheck disable=SC2086
  grep -nE 'read_entry\([A-Za-z_.]*bytes\)' $sources | grep -v '^src/journal/' |
    sed 's/$/  <- read_entry takes what read_log gave: the bytes alone name nobody/' || :

  # shellcheck disable=SC2086
  awaiting=$(grep -l co_await $sources || :)
  # shellcheck disable=SC2086
  [ -z "$awaiting" ] || awk -f "$here/co_await.awk" $awaiting

  printf '%s\n' "$all" | while read -r file; do
    case $file in
      *.md | *.svg | *.png | */golden/* | */data/* | LICENSE) ;;
      *) awk 'END { if (NR > 400) print FILENAME ": " NR " lines, 400 is the most: one concept a file" }' "$file" ;;
    esac
  done

  printf '%s\n' "$all" | grep '\.md$' | while read -r file; do
    grep -oE '\]\([A-Za-z0-9_./-]+\)' "$file" | tr -d '])(' | while read -r link; do
      [ -e "$(dirname "$file")/$link" ] || echo "$file: its link to $link leads nowhere"
    done
  done

  # Paths of the machine on which a file was written: nobody else has them.
  printf '%s\n' "$all" | xargs grep -nIE '(^|[^A-Za-z0-9_.$}])(/[w]ork|/[b]uilds|/[U]sers|/home/[r]unner|/tmp/[b]uild[-/]|/tmp/[b]rief)(/|$|[^A-Za-z0-9_-])' |
    sed 's/$/  <- a path of one machine/' || :
}

all=$(find . -path ./.git -prune -o -path ./build -prune -o -path './reports/*/*' -prune -o -type f -print | sed 's,^\./,,' | sort)
odd=$(printf '%s\n' "$all" | grep -E '[[:space:]"]' || :)
[ -z "$odd" ] || {
  printf '%s: a name with blanks or quotes\n' "$odd"
  exit 1
}
sources=$(printf '%s\n' "$all" | grep -E '^src/.*\.(cpp|hpp)$')

found=$(breaches)
[ -n "$found" ] || {
  printf '%s files in order\n' "$(printf '%s\n' "$sources" | wc -l)"
  exit 0
}
printf '%s\n' "$found"
printf '%s breaches\n' "$(printf '%s\n' "$found" | wc -l)" >&2
exit 1

#!/bin/sh
# The structure test finds what it is there for: a small tree that is in order, then one breach at a time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

library() { # library FOLDER LINKS…
  folder=$1
  shift
  mkdir -p "$tree/src/$folder"
  printf 'muster_library(%s LINKS %s)\n' "$(printf %s "$folder" | tr / _)" "$*" >"$tree/src/$folder/CMakeLists.txt"
}

fresh() {
  rm -rf "$tree/src"
  library base
  library config muster_base
  library ports muster_base
  library engine muster_ports
  library adapters/ssh muster_ports muster_boost
  library adapters/clock muster_ports muster_boost
  printf '#include "ports/shell.hpp"\n#include "base/id.hpp"\n#include "engine/machine.hpp"\n' >"$tree/src/engine/machine.cpp"
  printf '#include <boost/asio/post.hpp>\n#include "ports/shell.hpp"\nauto a = c ? co_await f() : co_await g(x[1], h());\n{}\n' >"$tree/src/adapters/ssh/ssh.cpp"
  printf '#include <yaml-cpp/yaml.h>\n' >"$tree/src/config/yaml.cpp"
}

# expect 'FILE' 'LINE OF CODE' 'WORDS OF THE BREACH' (none: in order)
expect() {
  fresh
  printf '%b\n' "$2" >>"$tree/$1"
  if said=$(sh "$here/structure.sh" "$tree" 2>/dev/null); then found=; else found=$said; fi
  case $found in
    *"$3"*) [ -n "$3" ] || [ -z "$found" ] || failed=1 ;;
    *) failed=1 ;;
  esac
  [ "$failed" = 0 ] || {
    printf 'after "%s" in %s\n  expected: %s\n  found: %s\n' "$2" "$1" "${3:-no breach}" "${found:-no breach}"
    exit 1
  }
}

expect src/engine/machine.cpp '// in order' ''
expect src/base/id.hpp '#include "ports/shell.hpp"' 'base/ must not know ports/'
expect src/ports/shell.hpp '#include "engine/machine.hpp"' 'ports/ must not know engine/'
expect src/adapters/ssh/ssh.cpp '#include "adapters/clock/clock.hpp"' 'adapters/ssh/ must not know adapters/clock/'
expect src/engine/machine.cpp '#include "core.hpp"' 'write the path from src/'
expect src/engine/machine.cpp '#include "embedded/muster_config.hpp"' 'is its own business'
expect src/base/CMakeLists.txt 'muster_library(base LINKS muster_engine)' 'lead back to itself'
expect src/engine/machine.cpp '#include <yaml-cpp/node.h>' 'only config/ knows yaml-cpp'
expect src/ports/clock.hpp '#include <boost/asio/io_context.hpp>' 'Asio, Beast and Process stay'
expect src/engine/machine.cpp 'const auto e = journal::read_entry(stored.bytes);' 'the bytes alone name nobody'
expect src/engine/machine.cpp 'const auto e = journal::read_entry(stored);' ''
expect src/adapters/ssh/ssh.cpp 'co_await f(Point{1, 2});' 'in the operand of co_await'
expect src/adapters/ssh/ssh.cpp 'co_await f(\n  [x] { return x; });' 'in the operand of co_await'
expect src/adapters/ssh/ssh.cpp 'co_await (c ? f() : g());' 'in the operand of co_await'
expect src/adapters/ssh/ssh.cpp 'if (co_await f(name)) { g("{"); } // co_await f({})' ''
expect src/engine/machine.cpp "$(awk 'BEGIN { for (i = 0; i < 400; i++) print "//" }')" '400 is the most'
expect src/engine/README.md '[the machine](machine.cpp)' ''
expect src/engine/README.md '[the driver](driver.cpp)' 'its link to driver.cpp leads nowhere'
expect src/engine/machine.cpp '// see /[w]ork/notes' ''
expect src/engine/machine.cpp "// see /$(printf work)/notes" 'a path of one machine'
echo "every breach was found"

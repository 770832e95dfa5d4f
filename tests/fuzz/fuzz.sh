#!/bin/sh
# fuzz.sh FOLDER [SECONDS] [TARGET]: each fuzzer in the folder, or one, for that many seconds. What is found lies in
# build/fuzz/found and belongs, made small (`fuzz_TARGET -minimize_crash=1 FILE`), into tests/fuzz/corpus/TARGET/, where
# the unit test reads it too. What was learnt of the inputs is kept in build/fuzz/corpus. Ends with 1 when something was found.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:?the folder of the built fuzzers}
seconds=${2:-60}
targets=${3-}
[ -n "$targets" ] || targets=$(for one in tests/fuzz/corpus/*/; do basename "$one"; done)
mkdir -p build/fuzz/found
found=0
for target in $targets; do
  mkdir -p "build/fuzz/corpus/$target"
  code=0
  "$folder/fuzz_$target" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=3000 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/found/$target-" "build/fuzz/corpus/$target" \
    "tests/fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1 || code=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$target.log")
  if [ "$code" = 0 ]; then
    echo "$target: ${runs:-0} inputs in $seconds s, nothing found"
  else
    found=1
    echo "$target: FOUND something"
    grep -aE 'ERROR: |what\(\)|runtime error|Test unit written' "build/fuzz/$target.log" || tail -n 5 "build/fuzz/$target.log"
  fi
done
exit "$found"

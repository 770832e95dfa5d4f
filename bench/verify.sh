#!/bin/sh
# A log of 1,000,000 entries verified by Muster and, in the same run and of the same bytes, by Go's own tlog and note
# (golang.org/x/mod, tests/audit/go): processor seconds of each. Go hashes and reads no entry; Muster also reads each
# one, strictly, and judges chain, epochs and kinds; Go reads files, Muster's log is in memory.
# Command: bench/verify.sh build/release/bench/bench_verify [ENTRIES]. Needs golang-go and golang-golang-x-mod-dev.
set -eu
bench=${1:?the built bench_verify} entries=${2:-1000000}
here=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS='' GOTOOLCHAIN=local GOCACHE="$dir/cache" \
  go build -o "$dir/verify" "$here/tests/audit/go/main.go"
"$bench" "$entries" "$dir/log" | tee "$dir/told"
key=$(sed -n 's/^key //p' "$dir/told")
sh -c '"$@"; times' sh "$dir/verify" "$dir/log" "$key" >"$dir/go"
sed -n 1p "$dir/go"
# The second line of `times` is what the children took: user and system, as 0m1.23s.
sed -n '$s/[ms]/ /gp' "$dir/go" | awk '{ printf "Go, tlog and note          %6.2f s\n", $1 * 60 + $2 + $3 * 60 + $4 }'

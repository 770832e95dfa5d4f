#!/bin/sh
# hostile.sh MUSTER: whatever people and files say, nothing of it is run, and it arrives as it was written: texts of a
# drill, answers, notes, reasons, names of hosts and persons, by the real binary and a real sh.
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
w=$room/w
ran=$room/ran
mkdir -p "$w/drills" "$w/inventory" "$room/got"
printf 'people: {me: {name: Me, unix: %s}, bo: {name: Bo}}\n' "$(id -un)" >"$w/inventory/people.yaml"
printf 'all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}\n' >"$w/inventory/hosts.yaml"

# The values, a file each.
count=0
value() {
  printf '%s' "$1" >"$room/value.$count"
  count=$((count + 1))
}
value "\$(touch $ran)"
value "\`touch $ran\`"
value "'; touch $ran; '"
value "\"; touch $ran; \""
value "x
touch $ran
"
value "\${x:-\$(touch $ran)}"
value "\${w0}"
value "\${secret.none}"
value "--help"
value "-e touch"
value "*"
value "& touch $ran &"
value "> $ran"
value "\\\$(touch $ran)\\"
value "%n%s%d"
value "ä€🔥"
value "a[\$(touch $ran)]"
value "$(head -c 120 /dev/zero | tr '\0' x)\$(touch $ran)"

# A drill that says some of them, asks for all of them, and hands them to a command.
{
  printf 'drill: hostile\nowner: me\ntargets: {here: here}\nroles: {dba: {holder: me, deputy: bo}}\nsteps:\n'
  i=0
  while [ "$i" -lt "$count" ]; do
    # shellcheck disable=SC2016 # a reference of Muster's, which is an error there
    if ! grep -qF '${' "$room/value.$i" && [ "$(wc -l <"$room/value.$i")" = 0 ]; then
      printf "  - tell: '%s'\n" "$(sed "s/'/''/g" "$room/value.$i")"
    fi
    i=$((i + 1))
  done
  printf '  - id: asked\n    ask: dba\n    say: "what?"\n    within: 60s\n    late: fail\n    answer:\n'
  i=0
  while [ "$i" -lt "$count" ]; do
    printf '      w%d: {type: string}\n' "$i"
    i=$((i + 1))
  done
  # shellcheck disable=SC2016 # for the target's shell
  printf '  - run:\n      - sh\n      - -c\n      - %s\n      - "%s"\n' \
    "'n=0; for v; do printf %s \"\$v\" >\"\$0/got.\$n\"; n=\$((n + 1)); done'" "$room/got"
  i=0
  while [ "$i" -lt "$count" ]; do
    # shellcheck disable=SC2016 # a reference of Muster's
    printf '      - "${w%d}"\n' "$i"
    i=$((i + 1))
  done
  # shellcheck disable=SC2016
  printf '    target: here\n    stdin: "${w0}"\n    undo: [sh, -c, ":", "${w2}"]\n'
} >"$w/drills/hostile.yaml"

timeout 100 "$muster" -C "$w" run hostile --no-input >"$room/run.txt" 2>&1 &
run=$!
tries=300
until "$muster" -C "$w" step list 2>/dev/null | grep -qF 'what?'; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ] || ! kill -0 "$run" 2>/dev/null; then
    wrong "the drill asks nothing: $(cat "$room/run.txt")"
    finish hostile
  fi
  sleep 0.1
done
cases=0
i=0
while [ "$i" -lt "$count" ]; do
  said=$(cat "$room/value.$i"; echo x) said=${said%x}
  status 0 "$muster" -C "$w" step note -- "$said"
  status 0 "$muster" -C "$w" step note "who says so" --who="$said"
  status 0 "$muster" -C "$w" step hand dba bo --reason="$said"
  status 0 "$muster" -C "$w" step take dba --reason="$said"
  "$muster" -C "$w" step skip --reason="$said" -- "$said" >"$room/out" 2>&1 && wrong "there is no step '$said'"
  "$muster" -C "$w" step hand -- "$said" "$said" >"$room/out" 2>&1 && wrong "there is no role '$said'"
  cases=$((cases + 6)) i=$((i + 1))
done
set --
i=0
while [ "$i" -lt "$count" ]; do
  said=$(cat "$room/value.$i"; echo x)
  set -- "$@" "w$i=${said%x}"
  i=$((i + 1))
done
status 0 "$muster" -C "$w" step answer asked "$@"
code=0
wait "$run" || code=$?
[ "$code" = 3 ] || { # nothing was measured: INCONCLUSIVE
  wrong "the run ended with $code"
  cat "$room/run.txt"
}
i=0
while [ "$i" -lt "$count" ]; do
  cmp -s "$room/value.$i" "$room/got/got.$i" || wrong "the answer $i did not arrive as it was given: $(cat "$room/got/got.$i")"
  cases=$((cases + 3)) i=$((i + 1)) # told, answered, handed to a command
done

# Names that are none: refused where they stand, before anything is done.
i=0
while [ "$i" -lt "$count" ]; do
  said=$(sed 's/\\/\\\\/g; s/"/\\"/g' "$room/value.$i" | tr '\n' ' ')
  printf 'all: {hosts: {"%s": {muster_connection: local, muster_environment: lab}}}\n' "$said" >"$w/inventory/hosts.yaml"
  printf 'drill: named\nowner: me\ntargets: {here: "%s"}\nsteps: [{run: [true], target: here, undo: [true]}]\n' "$said" \
    >"$w/drills/named.yaml"
  "$muster" -C "$w" check >"$room/out" 2>&1 || :
  "$muster" -C "$w" plan named >"$room/out" 2>&1 || :
  "$muster" -C "$w" plan -- "$said" >"$room/out" 2>&1 && wrong "there is no drill '$said'"
  cases=$((cases + 2)) i=$((i + 1))
done

for command in "audit log" "audit log --json" "show" "show --json" report; do
  # shellcheck disable=SC2086 # words are wanted
  "$muster" -C "$w" $command >"$room/out" 2>&1 || wrong "$command: $(cat "$room/out")"
done
[ ! -e "$ran" ] || wrong "something of it was run"
printf '%s hostile values in texts, answers, notes, reasons and names: none was run\n' "$cases"
finish hostile

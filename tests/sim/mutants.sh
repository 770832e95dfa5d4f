#!/bin/sh
# mutants.sh [SEEDS [NAME]]: is the simulation able to find anything? In a copy of the sources (build/mutants) one rule that
# keeps people safe is broken at a time, and the seeds must notice each. What a target has to keep is broken in the
# simulated host, which has the rules of catalogue/target/. With NAME only those whose name holds it. Prints a line a mutant; ends with 1 when one survived.
set -eu
cd "$(dirname "$0")/../.."
seeds=${1:-3000} only=${2-}
copy=$PWD/build/mutants
rm -rf "$copy/src" "$copy/tests"
mkdir -p "$copy"
git ls-files -co --exclude-standard -- CMakeLists.txt CMakePresets.json cmake src tests README.md LICENSE docs bench drills playbooks inventory |
  while read -r file; do [ ! -e "$file" ] || cp --parents "$file" "$copy"; done
cd "$copy"
cmake --preset dev >cmake.log 2>&1 || {
  cat cmake.log
  exit 1
}

# build_and_tell: 0 when the seeds find nothing.
build_and_tell() {
  cmake --build build/dev --target test_sim >build.log 2>&1 || {
    tail -n 20 build.log
    echo "it does not build"
    exit 2
  }
  MUSTER_SEEDS=$seeds build/dev/tests/test_sim '[seeds],[kill]' >said.log 2>&1
}
# Stories are drawn by chance: some rules have a test of their own beside them.
by_a_test() { ! build/dev/tests/test_sim '~[seeds]~[kill]~[soak]' >said.log 2>&1; }

survived=0 dead=0 tested=0
# mutant NAME SED FILE…: SED changes one or more of the files.
mutant() {
  name=$1 change=$2
  shift 2
  case $name in *"$only"*) ;; *) return ;; esac
  changed=
  for file in "$@"; do
    cp "$file" original
    sed "$change" original >"$file"
    if cmp -s original "$file"; then continue; fi
    changed="$changed $file"
    cp original "$file.original"
  done
  [ -n "$changed" ] || {
    echo "$name: nothing to change was found: the sources have moved on"
    exit 2
  }
  if build_and_tell; then
    if by_a_test; then
      tested=$((tested + 1))
      echo "by a test $name: $(sed -n '/^-----/{n;s/^ *//p;q}' said.log)"
    else
      survived=$((survived + 1))
      echo "SURVIVED  $name"
    fi
  else
    dead=$((dead + 1))
    echo "noticed   $name: $(grep -o '{ "[^"]*' said.log | sed 's/^{ "//' | sort | uniq -c | sort -rn | sed -n '1s/^ *[0-9]* //p')"
  fi
  for file in $changed; do
    mv "$file.original" "$file"
    touch "$file" # else it looks older than what was built of the mutant, and the next one holds both
  done
}

build_and_tell || {
  tail -n 30 said.log
  echo "the seeds find something in what is not mutated"
  exit 2
}
echo "unharmed: $seeds seeds find nothing"
engine=$(echo src/engine/*.cpp)
# shellcheck disable=SC2086 # words are wanted
{
  mutant "intent: acts before it is durable" 's/ \&\& batches_.front().durable//; s/^  batches_.push_back(std::move(batch));/&\n  drain();/' $engine
  mutant "gate: acts though the record is lost" 's/record_lost_ \&\& !action.heals ? drop(action) : start(action)/start(action)/' $engine
  mutant "arming: injects though the undo is not armed" 's/if (answer.said != Said::yes) return not_armed/if (answer.said == Said::no) return not_armed/' src/engine/effects.cpp
  mutant "proof: an injection that nobody heard of counts" '/status != EffectStatus::injecting)/,/proven(/s/answer.said == Said::yes/answer.said != Said::no/' $engine
  mutant "undone: an undo that nobody heard of counts" 's/^  } else if (answer.said == Said::yes) {$/  } else if (answer.said != Said::no) {/' $engine
  mutant "hold: the command goes out though a dead-man may be armed" 's/^  *if (answer.said != Said::yes)$/if (answer.said == Said::no)/' src/engine/holds.cpp
  mutant "no return: what was built upon is undone" 's/if (e.status == EffectStatus::held) return .*/if (e.status == EffectStatus::held) return true;/' $engine
  mutant "marks: what is undone is not forgotten" 's/^void Effects::disarm_all(.*/&\n  return done();/; s/^  disarm(id, false.*//; s/^    disarm(id, false.*//' $engine
  mutant "verdict: a step that is unknown does not count" 's/append(e.open, "unknown: ", f.unknowns);//' src/measure/verdict.cpp
  mutant "limits: whoever asks is admitted" 's/^  if (!why.empty()) on_refused_(why);$//; s/^  return why.empty();$/  return true;/' src/engine/limits.cpp
  mutant "guards: what does not hold stops nothing" 's/^  on_fired_(w.failed/  (void)(w.failed/' src/engine/guards.cpp
  mutant "target: the dead-man does nothing" 's/if (undo(host, effect, armed, "lease") != Said::yes)/if (true)/' tests/sim/fleet.cpp
  mutant "target: injects after it was undone" 's/if (e.over || /if (/; s/if (!it->second.over) return then(Said::yes);/return then(Said::yes);/' tests/sim/host.cpp tests/sim/fleet.cpp
  # Two rules refuse that one: the epoch of the run, and the life of the store. Either is enough.
  mutant "target: obeys whom another took over from" 's/host.see_epoch(call);//; s/if (std::stoull(told) < seen) return .*//' tests/sim/fleet.cpp tests/sim/host.cpp
  mutant "target: takes a second run" 's/if (lock && !mine(call) && !abandoned(now)) {/if (false) {/' tests/sim/host.cpp
}
rm -f original
echo "$dead noticed, $tested by a test of their own, $survived survived"
[ "$survived" = 0 ]

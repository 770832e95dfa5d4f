#!/bin/sh
# completion.sh MUSTER SHELL: somebody types into that shell, on a terminal, and presses Tab.
# Ends with 77 where the shell is not installed.
set -eu
muster=$(realpath "${1:?the binary}")
shell=${2:?bash, zsh or fish}
for tool in "$shell" script; do
  command -v "$tool" >/dev/null || {
    echo "SKIPPED: $tool is not installed"
    exit 77
  }
done
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
mkdir "$room/bin" "$room/home"
ln -s "$muster" "$room/bin/muster"
"$muster" init "$room/w" >/dev/null
cd "$room/w"
# A word of the command line is no file, whatever lies here.
touch bargain restore-it
mkdir for-reports

# shellcheck disable=SC2016 # that shell's business
case $shell in
  bash) set -- 'source <(muster completion bash)' bash --norc -i ;;
  zsh) set -- 'autoload -Uz compinit; compinit -u -D; source <(muster completion zsh)' zsh -f -i ;;
  fish) set -- 'muster completion fish | source' fish --no-config -i ;;
  *) echo "there is no such shell: $shell" && exit 2 ;;
esac
load=$1
shift
tab=$(printf '\t')
cat >"$room/typed" <<END
$load
muster comple${tab}b${tab}>$room/command
muster plan re${tab}>$room/drill
muster schema restore pg${tab}>$room/name
muster report --output for-${tab}>$room/files 2>&1
exit
END
env HOME="$room/home" PATH="$room/bin:$PATH" TERM=xterm \
  timeout 60 script -qec "$*" /dev/null <"$room/typed" >"$room/screen" 2>&1 || :

same() { # same FILE WORD…: what Tab made was this command
  made=$1
  shift
  "$muster" "$@" >"$room/wanted" 2>&1 || :
  cmp -s "$room/wanted" "$room/$made" || {
    wrong "$shell did not make of it: muster $*"
    cat "$room/screen"
  }
}
same command completion bash
same drill plan restore-test
same name schema restore pgbackrest
same files report --output for-reports/

finish "Tab in $shell"

# bash completion for muster; what may follow is asked of muster itself.
# shellcheck shell=bash
_muster() {
  local IFS=$'\n'
  # shellcheck disable=SC2207 # one word a line
  COMPREPLY=($("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _muster muster

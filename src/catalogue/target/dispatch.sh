
# The last part of every script: `sh SCRIPT FUNCTION` with parameters in P_name, evidence on fd 3 (or stderr when
# tried by hand), a folder for what must be remembered between two functions in M_DIR.
# shellcheck shell=sh
(: >&3) 2>/dev/null || exec 3>&2
M_EFFECT=${M_EFFECT:-byhand}
if [ -z "${M_DIR-}" ]; then
  M_DIR=/tmp/muster-byhand-$(id -u)
  mkdir -m 700 "$M_DIR" 2>/dev/null || [ -O "$M_DIR" ] || cannot "$M_DIR belongs to somebody else"
fi
case ${1-} in
  '' | *[!a-z_]*) cannot "say which function: precheck, inject, verify, revert, clean" ;;
esac
case $(command -V "$1" 2>/dev/null) in
  *function*) "$1" ;;
  *) cannot "this script has no function $1" ;;
esac

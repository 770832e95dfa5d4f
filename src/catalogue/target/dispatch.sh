
# The last part of every script: `sh SCRIPT FUNCTION` with parameters in P_name, evidence on fd 3 (or stderr when
# tried by hand), a folder for what must be remembered between two functions in M_DIR.
# shellcheck shell=sh
(: >&3) 2>/dev/null || exec 3>&2
M_EFFECT=${M_EFFECT:-byhand}
if [ -z "${M_DIR-}" ]; then
  m_me=$(id -u)
  M_DIR=/tmp/muster-byhand-$m_me
  mkdir -m 700 "$M_DIR" 2>/dev/null || :
  # One look at what it is itself: a link could lead to any folder of ours, and one of ours nobody else can replace.
  # shellcheck disable=SC2012 # the path is ours, the fields are POSIX
  m_ls=$(ls -ldn "$M_DIR" 2>/dev/null | sed -n 's/^\(drwx------\)[.+]\{0,1\}  *[0-9][0-9]*  *\([0-9][0-9]*\) .*/\1 \2/p')
  [ "$m_ls" = "drwx------ $m_me" ] || cannot "$M_DIR is not a folder of uid $m_me with mode 0700"
fi
case ${1-} in
  '' | *[!a-z_]*) cannot "say which function: precheck, inject, verify, revert, clean" ;;
esac
case $(command -V "$1" 2>/dev/null) in
  *function*) "$1" ;;
  *) cannot "this script has no function $1" ;;
esac

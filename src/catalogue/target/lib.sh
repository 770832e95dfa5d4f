# shellcheck shell=sh disable=SC2015,SC2034,SC2154
# Shared functions: the first part of every script of the catalogue and of what runs on a target.
# POSIX sh with dash, busybox and bash; nothing here needs more than /proc.
# Variables in capitals are answers of functions (M_…) or parameters (P_…).

M_NL='
'

# say KEY VALUE...: one line of evidence. Newlines become blanks, in the key too: it may hold a name of somebody's.
say() {
  m_k=$1
  shift
  m_v=$m_k=$*
  while :; do
    case $m_v in
      *"$M_NL"*) m_v="${m_v%%"$M_NL"*} ${m_v#*"$M_NL"}" ;;
      *) break ;;
    esac
  done
  printf '%s\n' "$m_v" >&3
}

# no WHY / cannot WHY: ends the script with "it is not so" / "it could not be done or judged". WHY may quote a
# parameter of any length: nobody reads more than this.
no() {
  printf '%.2000s\n' "$*"
  exit 1
}
cannot() {
  printf '%.2000s\n' "$*"
  exit 2
}

# claim WHAT...: this effect is at work on it, and nothing else that is live on this host may be: which of two undoes
# last would decide what is left. For precheck. It says so before it looks, so of two at once one sees the other.
claim() {
  printf '%s\n' "$*" >>"$M_DIR/claims" || cannot "what this effect works on cannot be remembered"
  for m_claims in "${M_TARGET-/nowhere}"/effect/*/state/claims; do
    m_other=${m_claims%/state/claims}
    [ -f "$m_claims" ] && [ "${m_other##*/}" != "$M_EFFECT" ] && [ ! -e "$m_other/healed" ] || continue
    grep -qxF -- "$*" "$m_claims" || continue
    m_words=$(sed -n 's/^fault=//p' "$m_other/meta" 2>/dev/null)$(sed -n 's/^run=/ of run /p' "$m_other/meta" 2>/dev/null)
    no "it overlaps with ${m_words:-another effect} (effect ${m_other##*/}), which is live here: $*"
  done
}

m_have() { command -v "$1" >/dev/null 2>&1; }

# m_is_number TEXT: fit to be reckoned with. No zeros in front: `$(( ))` takes them for octal, and `[` does not.
m_is_number() {
  case $1 in
    '' | *[!0-9]* | 0?*) return 1 ;;
  esac
  [ ${#1} -le 18 ]
}

# m_plain TEXT: M_PLAIN, without zeros in front.
m_plain() {
  M_PLAIN=$1
  while :; do
    case $M_PLAIN in
      0?*) M_PLAIN=${M_PLAIN#0} ;;
      *) break ;;
    esac
  done
}

# A pause of about a third of a second, where sleep takes fractions.
m_nap() { sleep 0.3 2>/dev/null || sleep 1; }

# M_UPTIME: centiseconds since boot, as the kernel counts them (suspend included).
m_uptime() {
  M_UPTIME=
  read -r M_UPTIME m_rest </proc/uptime || return 1
  m_plain "${M_UPTIME%.*}${M_UPTIME#*.}"
  M_UPTIME=$M_PLAIN
}

# m_boot: M_BOOT, which start of this system it is: the kernel's, and the one of process 1, since a container or a
# node with a process tree of its own starts anew without its kernel.
m_boot() {
  [ -z "${M_BOOT-}" ] || return 0
  read -r m_kernel </proc/sys/kernel/random/boot_id || return 1
  M_START=0
  m_stat 1 || :
  M_BOOT=$m_kernel-$M_START
}

# m_stat PID: M_STATE (R S D T Z …), M_PARENT, M_SESSION, M_NICE, M_START (start time in ticks) and M_CLASS (0: the
# scheduler's usual one) of a process; false when it is gone. The name in the second field may hold blanks, newlines and ")": what counts follows the last ") ".
m_stat() {
  m_all=
  while IFS= read -r m_line || [ -n "$m_line" ]; do
    m_all="$m_all $m_line"
  done 2>/dev/null <"/proc/$1/stat"
  m_all=${m_all##*") "}
  # shellcheck disable=SC2086 # words are wanted
  set -- $m_all
  [ $# -ge 20 ] || return 1
  M_STATE=$1 M_PARENT=$2 M_SESSION=$4 M_NICE=${17}
  shift 19
  M_START=$1 M_CLASS=${20:-0}
}

# m_self: M_SELF, the process that runs this code; in a subshell it is not $$.
m_self() { read -r M_SELF m_rest </proc/self/stat; }

# m_identity PID: M_IDENTITY, "PID START BOOT": never the same for two processes.
m_identity() {
  m_boot && m_stat "$1" && M_IDENTITY="$1 $M_START $M_BOOT"
}

# m_alive PID START BOOT: that very process is there and is no zombie.
m_alive() {
  m_is_number "${1-}" || return 1
  m_boot
  [ "${3-}" = "$M_BOOT" ] && m_stat "$1" && [ "$M_START" = "${2-}" ] && [ "$M_STATE" != Z ]
}

# m_holds PID = LINK, or m_holds PID end TEXT: that process has an open file whose link reads so, or ends so. What `ls`
# prints of /proc tells no more than whom to ask: whoever names a folder can write lines of it.
m_holds() {
  m_is_number "$1" || return 1
  for m_fd in "/proc/$1/fd"/*; do
    m_link=$(readlink "$m_fd" 2>/dev/null) || continue
    case $m_link in *"$M_NL"*) continue ;; esac
    case $2 in
      =) [ "$m_link" != "$3" ] || return 0 ;;
      *) case $m_link in *"$3") return 0 ;; esac ;;
    esac
  done
  return 1
}

# m_alive_in FILE: the same for the identity that a file holds (M_PID).
m_alive_in() {
  M_PID=
  read -r M_PID m_start m_boot_id 2>/dev/null <"$1" || return 1
  m_alive "$M_PID" "$m_start" "$m_boot_id"
}

# m_amount TEXT "UNIT=FACTOR …": M_AMOUNT = number times the unit's factor, rounded down; up to three decimals count.
m_amount() {
  m_n=${1%%[!0-9.]*}
  m_unit=${1#"$m_n"}
  m_whole=${m_n%%.*}
  m_part=
  case $m_n in *.*) m_part=${m_n#*.} ;; esac
  m_plain "$(printf '%.3s' "${m_part}000")"
  m_part=$M_PLAIN
  m_plain "$m_whole"
  m_whole=$M_PLAIN
  m_is_number "$m_whole" && m_is_number "$m_part" || return 1
  for m_pair in $2; do
    [ "${m_pair%%=*}" = "$m_unit" ] || continue
    M_AMOUNT=$((m_whole * ${m_pair#*=} + m_part * ${m_pair#*=} / 1000))
    return 0
  done
  return 1
}

# Values arrive as people write them: sizes as "512MiB", durations as "1h30m", shares as "50%".
# size_kib TEXT: M_AMOUNT in KiB.
size_kib() {
  m_amount "$1" 'B=1 kB=1000 KiB=1024 MB=1000000 MiB=1048576 GB=1000000000 GiB=1073741824 TB=1000000000000 TiB=1099511627776' &&
    M_AMOUNT=$((M_AMOUNT / 1024))
}
# duration_s TEXT: M_AMOUNT in seconds, rounded up.
duration_s() {
  m_left=$1 m_sum=0
  [ -n "$m_left" ] || return 1
  while [ -n "$m_left" ]; do
    m_num=${m_left%%[!0-9.]*}
    m_tail=${m_left#"$m_num"}
    m_word=${m_tail%%[0-9]*}
    m_left=${m_tail#"$m_word"}
    m_amount "$m_num$m_word" 'ms=1 s=1000 m=60000 h=3600000 d=86400000' || return 1
    m_sum=$((m_sum + M_AMOUNT))
  done
  M_AMOUNT=$(((m_sum + 999) / 1000))
}
# percent TEXT: M_AMOUNT in whole percent.
percent() { m_amount "$1" '%=1' && [ "$M_AMOUNT" -le 100 ]; }

# list_run NAME: runs the command of the list parameter NAME (P_NAME_0 …, P_NAME_count). The last 4 KiB of its output
# come on stdout when it is over; a service that it starts holds neither our pipes nor a file that grows. It reads nothing.
list_run() { list_run_reading "$1" </dev/null; }

# list_run_reading NAME: the same, and the command reads what we read.
list_run_reading() {
  m_list=$1 m_i=0
  eval "m_count=\${P_${m_list}_count:-0}"
  m_is_number "$m_count" || return 2
  [ "$m_count" -gt 0 ] || return 2
  set --
  while [ "$m_i" -lt "$m_count" ]; do
    eval "set -- \"\$@\" \"\${P_${m_list}_$m_i-}\""
    m_i=$((m_i + 1))
  done
  if [ -z "${M_DIR-}" ]; then
    "$@" 2>&1 3>&-
    return
  fi
  m_rc=0 m_mark='' m_fifo=$M_DIR/output.$$ m_end="muster: the end of $$"
  [ ! -e "$m_fifo" ] || rm -f "$m_fifo"
  if m_have setsid && m_have mkfifo && mkfifo "$m_fifo" 2>/dev/null; then
    m_text=$(m_run_drained "$@") || m_rc=$?
  else
    # Where even that cannot be made, the command runs all the same: it may be an undo.
    m_file=$M_DIR/output
    true 2>/dev/null >"$m_file" || m_file=/dev/null
    "$@" >"$m_file" 2>&1 3>&- || m_rc=$?
    m_text=$(tail -c 4200 "$m_file" | tr -d '\000' && printf '\n%s' "$m_end")
  fi
  case $m_text in
    *"$M_NL$m_end") m_text=${m_text%"$M_NL$m_end"} ;;
    *) m_mark=yes ;;
  esac
  # The mark of a cut: a piece of a secret may follow, which the controller then looks for.
  if [ -n "$m_mark" ] || [ "${#m_text}" -gt 4096 ]; then echo '[…]'; fi
  printf '%s' "$m_text" | tail -c 4096
  return "$m_rc"
}

# m_run_drained WORD…: the command writes into a pipe that a process in a session of its own reads: up to our own last
# line, of which it tells us the end; and into nothing from then on, for as long as a service may write. So nothing
# grows, and the service is not ended by a pipe that nobody reads, whatever becomes of us.
m_run_drained() {
  # Opened for both at first: else each end waits for the other one.
  # shellcheck disable=SC2094 # a pipe
  exec 4<>"$m_fifo" 5<"$m_fifo" 6>"$m_fifo" 4>&-
  rm -f "$m_fifo"
  # A line without an end takes no more memory than that; what it was is not told then.
  # shellcheck disable=SC2016 # for the one that reads
  LC_ALL=C setsid sh -c 'ulimit -v 65536 2>/dev/null
    sed "/^$1\$/q" | tr -d "\000" | tail -c 4200
    exec cat >/dev/null' sh "$m_end" <&5 2>/dev/null 3>&- 5<&- 6>&- &
  exec 5<&-
  m_rc=0
  "$@" >&6 2>&1 3>&- 6>&- || m_rc=$?
  # Should somebody have ended the reader, the command's own status counts.
  trap '' PIPE
  printf '\n%s\n' "$m_end" >&6
  exit "$m_rc"
}

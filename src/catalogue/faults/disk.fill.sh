#!/bin/sh
# fault: disk.fill
# title: Fill a file system
# healer: target
# root: no
# tools: dd df du grep id ls mkdir readlink rm rmdir sed setsid sleep tail tr
# param path path required -- a folder of the file system
# param size size -- this much more of it is used
# param percent percent -- until this share of it is used
# param reserve size -- until only this much is left
# param mount path -- the mount point where path is expected; anything else is refused
# param allow_root boolean default false -- leave to fill the file system of /

# shellcheck disable=SC2015,SC2154
# One file, named after the effect, and only for a moment: a process opens it and takes the name away. Whatever ends
# that process (the undo, the OOM killer, a restart of this host) gives the space back: nothing outlives a restart.
# "No space left" while filling is what was asked for, not a failure: whatever is there is given back again.
# P_path may be somebody else's to write in, and they can read the effect's id in `ps`: the file, .muster-fill-EFFECT,
# is made in a folder of our own there, .muster-fill-EFFECT.d. In theirs a name may be a link, to a device even, which
# the shell's -C would open.

file() { M_FILE=.muster-fill-$M_EFFECT; }

# enter: into our folder, if it is there. What somebody has put in its place is not: a link leads elsewhere, and what
# we did not make is another's or open to them.
enter() {
  cd -P -- "$P_path" 2>/dev/null && at=$(pwd -P) && cd -P -- "./$M_FILE.d" 2>/dev/null || return 1
  [ "$(pwd -P)" = "${at%/}/$M_FILE.d" ] && [ -O . ] || return 1
  case $(ls -ld .) in d????-??-*) ;; *) return 1 ;; esac
}

# keepers: M_KEEPERS, processes of this very user that have the file open. What `ls` prints of /proc tells no more than
# whom to ask: whoever names a folder can write lines of it.
keepers() {
  file
  me=$(id -u)
  # shellcheck disable=SC2010 # names of ours
  M_KEEPERS=$(ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E "^/proc/[0-9]+/fd:\$|/\.muster-fill-$M_EFFECT \(deleted\)\$" |
    while read -r line; do
      case $line in /proc/*) pid=${line#/proc/} && pid=${pid%%/*} && continue ;; esac
      fd=${line%% -> *}
      fd=${fd##* }
      m_is_number "$pid" && m_is_number "$fd" && link=$(readlink "/proc/$pid/fd/$fd" 2>/dev/null) || continue
      case $link in *"$M_NL"*) continue ;; *"/$M_FILE (deleted)") ;; *) continue ;; esac
      uid=$(sed -n 's/^Uid:[[:blank:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null)
      [ "$uid" != "$me" ] || printf '%s ' "$pid"
    done)
}

# holders: M_HOLDERS, the process that was remembered: nothing else is ever ended. A host that has forgotten knows it by
# the file and by what it is called.
holders() {
  M_HOLDERS=
  if [ -s "$M_DIR/holder" ]; then
    ! m_alive_in "$M_DIR/holder" || M_HOLDERS=$M_PID
    return 0
  fi
  keepers
  for pid in $M_KEEPERS; do
    called=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")
    [ "$called" != 'sleep 8000000 ' ] || M_HOLDERS="$M_HOLDERS$pid "
  done
}

# hold: what start_holder starts. It opens the file once it is remembered, and before it looks whether the undo has
# begun; the undo begins before it looks for holders: one sees the other.
hold() {
  tries=0
  until [ -s "$M_DIR/holder" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] && [ ! -d "$M_DIR/../over" ] || exit
    sleep 0.05 2>/dev/null || sleep 1
  done
  file
  mkdir -m 700 -- "$P_path/$M_FILE.d" && enter || exit
  set -C
  exec 9>"./$M_FILE" || exit
  set +C
  [ -f /proc/self/fd/9 ] || exit
  rm -f -- "./$M_FILE"
  cd -P .. && rmdir -- "./$M_FILE.d"
  cd / && [ ! -d "$M_DIR/../over" ] || exit
  : >"$M_DIR/open"
  exec sleep 8000000
}

# start_holder: M_HOLDER, a process in a session of its own that has the new file as its descriptor 9.
start_holder() {
  rm -f "$M_DIR/open" "$M_DIR/holder"
  (exec setsid sh "$0" hold) </dev/null >/dev/null 2>&1 3>&- 9>&- &
  M_HOLDER=$!
  m_identity "$M_HOLDER" && printf '%s\n' "$M_IDENTITY" >"$M_DIR/holder" || cannot "the holder cannot be remembered"
  tries=0
  until [ -e "$M_DIR/open" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! m_stat "$M_HOLDER" || [ "$M_STATE" = Z ]; then
      cannot "$P_path/$M_FILE.d cannot be made, or was taken away"
    fi
    sleep 0.05 2>/dev/null || sleep 1
  done
}

# look PATH: total, free (KiB, for ordinary users), used, mounted.
look() {
  line=$(df -Pk "$1" 2>/dev/null | tail -n 1)
  mounted=${line##*"% "}
  # shellcheck disable=SC2086 # words are wanted
  set -- ${line%%"% "*}
  [ $# -ge 5 ] || cannot "df knows nothing about it"
  shift $(($# - 4))
  total=$1 used=$2 free=$3
}

# wanted: M_WANT, KiB to write.
wanted() {
  look "$P_path"
  case ${P_size:+size}${P_percent:+percent}${P_reserve:+reserve} in
    size) size_kib "$P_size" && M_WANT=$M_AMOUNT ;;
    percent) percent "$P_percent" && M_WANT=$(((used + free) * M_AMOUNT / 100 - used)) ;;
    reserve) size_kib "$P_reserve" && M_WANT=$((free - M_AMOUNT)) ;;
    *) cannot "give one of size, percent, reserve" ;;
  esac || cannot "'$P_size$P_percent$P_reserve' cannot be read"
}

# audit_halts: auditd would power the host off when this file system is full.
audit_halts() {
  grep -Eiq '^ *(admin_space_left_action|disk_full_action) *= *(halt|single)' /etc/audit/auditd.conf 2>/dev/null ||
    return 1
  filled=$mounted
  look /var/log/audit
  [ "$mounted" = "$filled" ]
}

precheck() {
  [ -d "$P_path" ] || no "$P_path is no folder"
  [ -w "$P_path" ] || no "$P_path cannot be written"
  wanted
  at=$mounted
  say mount "$mounted"
  say free_kb "$free"
  if [ -n "${P_mount-}" ] && [ "$P_mount" != "$mounted" ]; then
    no "$P_path is on $mounted, not on $P_mount"
  fi
  claim "the file system $at"
  if [ "$mounted" = / ] && [ "${P_allow_root:-false}" != true ]; then
    no "$P_path is on the root file system: with allow_root: true it may be filled"
  fi
  [ "$M_WANT" -gt 0 ] || no "it is fuller than that already ($free KiB of $total are free)"
  audit_halts && no "auditd halts this host when its disk is full (/etc/audit/auditd.conf)"
  if [ -n "${M_TARGET-}" ]; then
    look "$M_TARGET"
    [ "$mounted" != "$at" ] || no "what undoes this is kept on the same file system ($M_TARGET)"
  fi
}

inject() {
  wanted
  file
  say want_kb "$M_WANT"
  printf '%s\n%s\n' "$M_WANT" "$total" >"$M_DIR/want" || cannot "what was asked for cannot be remembered"
  start_holder
  say holder "$M_HOLDER"
  fd=/proc/$M_HOLDER/fd/9
  [ -f "$fd" ] || cannot "what was opened is no file"
  if ! fallocate -l "$((M_WANT * 1024))" "$fd" 2>/dev/null; then
    dd if=/dev/zero of="$fd" bs=64k count="$(((M_WANT + 63) / 64))" || :
  fi
}

verify() {
  holders
  [ -n "$M_HOLDERS" ] || no "the process that keeps the space is gone"
  read -r want 2>/dev/null <"$M_DIR/want" || cannot "what was asked for is forgotten"
  blocks=$(du -kL "/proc/${M_HOLDERS%% *}/fd/9") || cannot "du failed"
  have=${blocks%%[!0-9]*}
  look "$P_path"
  say filled_kb "$have"
  say free_kb "$free"
  [ "$((have * 100))" -ge "$((want * 95))" ] || [ "$((free * 100))" -le "$total" ] ||
    no "$have of $want KiB were filled, $free are still free"
}

revert() {
  holders
  for pid in $M_HOLDERS; do kill -KILL "$pid" || :; done
  file
  # It is there yet where inject was cut short.
  (enter && rm -f -- "./$M_FILE" && cd -P .. && rmdir -- "./$M_FILE.d") || :
}

clean() {
  tries=0
  while holders && keepers && [ -n "$M_HOLDERS$M_KEEPERS" ] && [ "$tries" -lt 6 ]; do
    tries=$((tries + 1))
    m_nap
  done
  kept=${M_KEEPERS:-$M_HOLDERS}
  [ -z "$kept" ] || no "the space is still kept, by process ${kept% }"
  if [ ! -d "$P_path" ]; then cannot "$P_path is gone"; fi
  if (enter); then no "$P_path/$M_FILE.d is still there"; fi
  if [ -e "$P_path/$M_FILE.d" ] || [ -L "$P_path/$M_FILE.d" ]; then say not_ours "$P_path/$M_FILE.d"; fi
  look "$P_path"
  say free_kb "$free"
}

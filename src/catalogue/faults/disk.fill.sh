#!/bin/sh
# fault: disk.fill
# title: Fill a file system
# healer: target
# root: no
# tools: df dd du grep ls rm setsid
# param path path required -- a folder of the file system
# param size size -- this much more of it is used
# param percent percent -- until this share of it is used
# param reserve size -- until only this much is left
# param mount path -- the mount point where path is expected; anything else is refused
# param allow_root boolean default false -- leave to fill the file system of /

# shellcheck disable=SC2154
# One file, named after the effect, and only for a moment: a process opens it and takes the name away. Whatever ends
# that process (the undo, the OOM killer, a restart of this host) gives the space back: nothing outlives a restart.
# "No space left" while filling is what was asked for, not a failure: whatever is there is given back again.

file() { M_FILE=$P_path/.muster-fill-$M_EFFECT; }

# holders: M_HOLDERS, the processes that keep the file open: the one that was remembered, else by the file's name.
holders() {
  M_HOLDERS=
  if [ -s "$M_DIR/holder" ]; then
    ! m_alive_in "$M_DIR/holder" || M_HOLDERS=$M_PID
    return 0
  fi
  # shellcheck disable=SC2010 # names of ours
  M_HOLDERS=$(ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E "^/proc/|/\.muster-fill-$M_EFFECT( \(deleted\))?\$" |
    while read -r line; do
      case $line in
        /proc/*) pid=${line#/proc/} && pid=${pid%%/*} ;;
        *) ! m_holds "$pid" end "/.muster-fill-$M_EFFECT (deleted)" || printf '%s ' "$pid" ;;
      esac
    done)
}

# hold_open: M_HOLDER, a process that has the new file as its descriptor 9. It opens before it looks whether the undo has
# begun; the undo begins before it looks for holders: one sees the other.
hold_open() {
  # In a folder of our own: in somebody else's a name may be a link by the time it is opened, to a device even, which
  # the shell's -C would open. mkdir follows none, and where we are then must be where it was made.
  folder=$(cd -P -- "$P_path" && pwd -P)/${M_FILE##*/}.d
  # shellcheck disable=SC2016 # for the holder
  (cd / && exec setsid sh -c 'set -C
    mkdir -m 700 -- "$1" && cd -P -- "$1" && [ "$(pwd -P)" = "$1" ] && [ -O . ] || exit
    exec 9>"./$3"
    [ -f /proc/self/fd/9 ] || exit
    rm -f -- "./$3"
    cd / && rmdir -- "$1"
    [ ! -d "$2/../over" ] || exit
    : >"$2/open"
    exec sleep 8000000' sh "$folder" "$M_DIR" "${M_FILE##*/}") </dev/null >/dev/null 2>&1 3>&- &
  M_HOLDER=$!
  m_identity "$M_HOLDER" && printf '%s\n' "$M_IDENTITY" >"$M_DIR/holder" || cannot "the holder cannot be remembered"
  tries=0
  until [ -e "$M_DIR/open" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! m_stat "$M_HOLDER" || [ "$M_STATE" = Z ]; then cannot "$M_FILE cannot be made"; fi
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
  hold_open
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
  rm -f -- "$M_FILE" "$M_FILE.d/${M_FILE##*/}"
  [ ! -d "$M_FILE.d" ] || [ -L "$M_FILE.d" ] || rmdir -- "$M_FILE.d" || :
}

clean() {
  file
  tries=0
  while holders && [ -n "$M_HOLDERS" ] && [ "$tries" -lt 6 ]; do
    tries=$((tries + 1))
    m_nap
  done
  [ -z "$M_HOLDERS" ] || no "the space is still kept, by process ${M_HOLDERS% }"
  if [ -e "$M_FILE" ] || [ -L "$M_FILE" ]; then no "$M_FILE is still there"; fi
  if [ ! -d "$P_path" ]; then cannot "$P_path is gone"; fi
  look "$P_path"
  say free_kb "$free"
}

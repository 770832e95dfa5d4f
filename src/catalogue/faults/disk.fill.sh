#!/bin/sh
# fault: disk.fill
# title: Fill a file system
# healer: target
# root: no
# tools: df dd rm
# param path path required -- a folder of the file system
# param size size -- this much more of it is used
# param percent percent -- until this share of it is used
# param reserve size -- until only this much is left
# param mount path -- the mount point where path is expected; anything else is refused
# param allow_root boolean default false -- leave to fill the file system of /

# shellcheck disable=SC2154
# One file, named after the effect: what is left after a reboot tells by itself whose it is.
# "No space left" while filling is what was asked for, not a failure: whatever is there is removed again.

file() { M_FILE=$P_path/.muster-fill-$M_EFFECT; }

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
  # Not following a link, not into a file that is there.
  (set -C && : >"$M_FILE") || cannot "$M_FILE cannot be made"
  if ! fallocate -l "$((M_WANT * 1024))" "$M_FILE" 2>/dev/null; then
    dd if=/dev/zero of="$M_FILE" bs=64k count="$(((M_WANT + 63) / 64))" || :
  fi
}

verify() {
  file
  [ -f "$M_FILE" ] || no "$M_FILE is gone"
  read -r want 2>/dev/null <"$M_DIR/want" || cannot "what was asked for is forgotten"
  # shellcheck disable=SC2012 # blocks, the first field; the path is ours
  blocks=$(du -k "$M_FILE") || cannot "du failed"
  have=${blocks%%[!0-9]*}
  look "$P_path"
  say filled_kb "$have"
  say free_kb "$free"
  [ "$((have * 100))" -ge "$((want * 95))" ] || [ "$((free * 100))" -le "$total" ] ||
    no "$have of $want KiB were filled, $free are still free"
}

revert() {
  file
  rm -f "$M_FILE"
}

clean() {
  file
  if [ ! -d "$P_path" ]; then cannot "$P_path is gone"; fi
  if [ -e "$M_FILE" ] || [ -L "$M_FILE" ]; then no "$M_FILE is still there"; fi
  look "$P_path"
  say free_kb "$free"
}

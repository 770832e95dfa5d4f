#!/bin/sh
# Muster's gate: what sudo may start here, and nothing else of Muster. From its standard input it reads data: a verb,
# ids, values in octal; never shell. It does what the drills that are named near its end ask of this host, and
# refuses everything else. Made by `muster sudoers`. Not to be edited: its SHA-256 stands in the sudoers rule.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154,SC2317,SC3045

PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
# Nothing of the caller goes on to what undoes a fault: no variable, and no limit that could end a dead-man.
if [ "$#" != 1 ] || [ "$1" != muster-gate ]; then
  for g_limit in t f d v; do ulimit "-$g_limit" unlimited 2>/dev/null || :; done
  # At least so many open files, and KiB of stack.
  for g_limit in n:1024 s:8192; do
    g_now=$(ulimit "-${g_limit%:*}" 2>/dev/null) || g_now=0
    [ "$g_now" = unlimited ] || [ "$g_now" -ge "${g_limit#*:}" ] || ulimit "-${g_limit%:*}" "${g_limit#*:}" 2>/dev/null || :
  done
  exec env -i PATH="$PATH" LC_ALL=C MUSTER_CALLER="${SUDO_UID-}" sh "$0" muster-gate
fi

# What carries the id of an effect that is armed nowhere on this host: it outlived the folder that knew of it.
# shellcheck shell=sh disable=SC2015,SC2034,SC2153,SC2154

# m_orphan ID: it looks like an effect's id (or the beginning of one), and no state folder here knows it. Another
# user's folder cannot always be read; but then what is root's, or theirs, is not ours to list either.
m_orphan() {
  case $1 in '' | *[!0-9A-Za-z_]*) return 1 ;; esac
  for m_d in "$M_ROOT/effect/$1"* "/run/muster/effect/$1"* /tmp/muster-[0-9]*/effect/"$1"*; do
    [ ! -d "$m_d" ] || return 1
  done
}

# m_uses_iptables TOOL: listing its rules changes nothing: the older kind loads its tables when it is only asked.
m_uses_iptables() {
  m_have "$1" || return 1
  case $("$1" -V 2>/dev/null) in
    *nf_tables*) ;;
    *) [ -s "/proc/net/${1%tables}_tables_names" ] ;;
  esac
}

m_list_rules() {
  ! m_have nft || nft list tables 2>/dev/null | while read -r m_word m_family m_table m_rest; do
    case $m_table in
      muster_*) ! m_orphan "${m_table#muster_}" || echo "nft ${m_table#muster_} $m_family $m_table" ;;
    esac
  done
  for m_ipt in iptables ip6tables; do
    ! m_uses_iptables "$m_ipt" || "$m_ipt" -w -S 2>/dev/null | while read -r m_word m_chain m_rest; do
      case "$m_word $m_chain" in
        "-N muster-"*-[iof])
          m_id=${m_chain#muster-}
          m_id=${m_id%-?}
          ! m_orphan "$m_id" || echo "$m_ipt $m_id $m_chain"
          ;;
      esac
    done
  done
}

# A process that keeps a file of ours open which has no name any more: what it fills is free when it ends. What `ls`
# prints of /proc tells no more than where to look: whoever names a folder can write lines of it.
m_list_holders() {
  # shellcheck disable=SC2010 # names of ours
  ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E '^/proc/[0-9]+/fd:$|/\.muster-fill-[0-9A-Za-z_]+ \(deleted\)$' |
    while IFS= read -r m_line; do
      case $m_line in /proc/*) m_pid=${m_line#/proc/} && m_pid=${m_pid%%/*} && continue ;; esac
      m_id=${m_line##*/.muster-fill-}
      m_id=${m_id%" (deleted)"}
      m_fd=${m_line%% -> *}
      m_fd=${m_fd##* }
      m_is_number "$m_pid" && m_is_number "$m_fd" && m_orphan "$m_id" || continue
      m_link=$(readlink "/proc/$m_pid/fd/$m_fd" 2>/dev/null) || continue
      case $m_link in
        *"$M_NL"*) ;;
        *"/.muster-fill-$m_id (deleted)") echo "holder $m_id $m_pid" ;;
      esac
    done | sort -u
}

# m_fills PID ID: it is the process that disk.fill has left with such a file, and of this very user. An open file is
# no proof: anybody can hand one to a service of root's.
m_fills() {
  m_is_number "$1" || return
  m_uid=$(sed -n 's/^Uid:[[:blank:]]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null)
  m_called=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline")
  [ "$m_uid" = "$(id -u)" ] && [ "$m_called" = 'sleep 8000000 ' ] && m_holds "$1" end "/.muster-fill-$2 (deleted)"
}

# m_find_files AT SECONDS: the paths below it that look like ours, a line each. One that holds a newline would be read
# as two, and the second one could name anything: it is told of, and no more.
m_find_files() {
  timeout "$2" find "$1" -xdev \( -type f \( -name '.muster-fill-*' -o -name .muster-effect \) -o \
    -type d -name '.muster-fill-*.d' \) \
    \( ! -path "*$M_NL*" -print -o -exec echo "search - not made of a path with a newline below $1" \; \) 2>/dev/null
}

# m_list_file PATH: what it is, if nothing on this host knows its effect. Its folder is somebody else's, maybe: what it
# is by now decides, and no more of it is read than an id is long.
m_list_file() {
  m_id=${1##*/.muster-fill-}
  case $1 in
    */.muster-fill-*.d)
      m_id=${m_id%.d}
      # One that is not empty is named by what is in it, or is not ours.
      # shellcheck disable=SC2012 # whether there is a line
      [ -d "$1" ] && [ ! -L "$1" ] && [ -z "$(ls -A "$1" 2>/dev/null | head -n 1)" ] && m_orphan "$m_id" &&
        echo "folder $m_id $1"
      ;;
    */.muster-fill-*) [ -f "$1" ] && [ ! -L "$1" ] && m_orphan "$m_id" && echo "file $m_id $1" ;;
    */.muster-effect)
      m_id=$(timeout 2 head -c 128 "$1" 2>/dev/null | sed 1q)
      m_orphan "$m_id" && echo "copy $m_id ${1%/.muster-effect}"
      ;;
  esac
}

# Files on disks of this host, for as long as the search may take. No file system takes more than half of what is
# left; what is cut short says so.
m_list_files() {
  m_have timeout && m_have find || { echo "search - not made: find and timeout are not here" && return; }
  m_uptime
  m_search_end=$((M_UPTIME + V_search_s * 100))
  while read -r m_dev m_at m_type m_rest; do
    case $m_type in ext[234] | xfs | btrfs | f2fs | zfs | tmpfs | overlay | vfat) ;; *) continue ;; esac
    case $m_at in *\\*) echo "search - not made below $m_at" && continue ;; esac
    m_uptime
    m_seconds=$(((m_search_end - M_UPTIME + 199) / 200))
    [ "$M_UPTIME" -lt "$m_search_end" ] || { echo "search - not made below $m_at: no time was left" && continue; }
    m_rc=0
    m_find_files "$m_at" "$m_seconds" || m_rc=$?
    # What cannot be read ends with 1; being stopped by `timeout` with 124, or of busybox 143.
    case $m_rc in 124 | 143) echo "search - cut short below $m_at" ;; esac
  done </proc/mounts | sort -u | while IFS= read -r m_path; do
    case $m_path in
      search\ *) echo "$m_path" ;;
      *) m_list_file "$m_path" ;;
    esac
  done
}

# What stands among the effects, and is none by its name: nobody's script is run for it, and nothing of it is removed.
m_list_strangers() {
  for m_d in "$M_ROOT"/effect/* "$M_ROOT"/effect/.[!.]* "$M_ROOT"/effect/..?*; do
    [ -e "$m_d" ] || [ -L "$m_d" ] || continue
    m_name "${m_d##*/}" >/dev/null && continue
    printf 'state - %s' "$m_d" | tr '\n' ' ' && echo
  done
}

# m_list_leftovers: a line "KIND EFFECT WHERE" each. V_search_s: for how long disks are searched; 0: neither they nor
# processes are.
m_list_leftovers() {
  m_list_strangers
  m_list_rules
  m_is_number "${V_search_s:=10}" && [ "$V_search_s" -gt 0 ] || return "$YES"
  m_list_holders
  m_list_files
}

# m_remove_leftover KIND EFFECT WHERE: removes one; whether it is gone tells the next listing.
m_remove_leftover() {
  case $1 in
    nft)
      # shellcheck disable=SC2086 # family and table
      nft delete table $3
      ;;
    iptables | ip6tables)
      case $3 in *-i) m_hook=INPUT ;; *-o) m_hook=OUTPUT ;; *) m_hook=FORWARD ;; esac
      while "$1" -w -D "$m_hook" -j "$3" 2>/dev/null; do :; done
      "$1" -w -F "$3" && "$1" -w -X "$3"
      ;;
    holder) m_fills "$3" "$2" && kill -KILL "$3" ;;
    file)
      rm -f -- "$3"
      case ${3%/*} in */.muster-fill-*.d) rmdir -- "${3%/*}" 2>/dev/null ;; esac
      ;;
    folder) rmdir -- "$3" 2>/dev/null ;;
    # A restored copy may be somebody's only one by now: it is shown, and a person decides.
    copy | search | state) return 1 ;;
  esac
}

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

# A process that keeps a file of ours open which has no name any more: what it fills is free when it ends.
m_list_holders() {
  # shellcheck disable=SC2010 # names of ours
  ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E '^/proc/|/\.muster-fill-[0-9A-Za-z_]+ \(deleted\)$' |
    while read -r m_line; do
      case $m_line in
        /proc/*) m_pid=${m_line#/proc/} && m_pid=${m_pid%%/*} ;;
        *)
          m_id=${m_line##*/.muster-fill-}
          m_id=${m_id%" (deleted)"}
          ! m_orphan "$m_id" || ! m_holds "$m_pid" end "/.muster-fill-$m_id (deleted)" || echo "holder $m_id $m_pid"
          ;;
      esac
    done | sort -u
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
    timeout "$m_seconds" find "$m_at" -xdev \( -name '.muster-fill-*' -o -name .muster-effect \) -type f 2>/dev/null || m_rc=$?
    # What cannot be read ends with 1; being stopped by `timeout` with 124, or of busybox 143.
    case $m_rc in 124 | 143) echo "search - cut short below $m_at" ;; esac
  done </proc/mounts | sort -u | while IFS= read -r m_path; do
    case $m_path in
      search\ *) echo "$m_path" ;;
      */.muster-fill-*) ! m_orphan "${m_path##*/.muster-fill-}" || echo "file ${m_path##*/.muster-fill-} $m_path" ;;
      */.muster-effect)
        m_id=
        read -r m_id 2>/dev/null <"$m_path" || :
        ! m_orphan "$m_id" || echo "copy $m_id ${m_path%/.muster-effect}"
        ;;
    esac
  done
}

# m_list_leftovers: a line "KIND EFFECT WHERE" each. V_search_s: for how long disks are searched; 0: neither they nor
# processes are.
m_list_leftovers() {
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
    holder) m_holds "$3" end "/.muster-fill-$2 (deleted)" && kill -KILL "$3" ;;
    file)
      rm -f -- "$3"
      case ${3%/*} in */.muster-fill-*.d) rmdir -- "${3%/*}" 2>/dev/null ;; esac
      ;;
    # A restored copy may be somebody's only one by now: it is shown, and a person decides.
    copy | search) return 1 ;;
  esac
}

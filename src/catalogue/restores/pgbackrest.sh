# shellcheck shell=sh disable=SC2154,SC2034
# The last part of the provider `pgbackrest`: what it asks the repository for.
# Phases, in the order of the flow: precheck, discover, fingerprint, restore, start, ready, point, validate,
# promote, damage, leave, serve, stop, remove; docs/restores.md has their parameters and the traps they avoid.

STANZA=${P_stanza-}
OWNER_ENV="PGTZ=UTC PGDATESTYLE=ISO PGCONNECT_TIMEOUT=10
  PGBACKREST_LOCK_PATH=$D/lock PGBACKREST_LOG_PATH=$D/log PGBACKREST_SPOOL_PATH=$D/spool
  PGBACKREST_LOG_LEVEL_FILE=off"
fits_path config
fits A-Za-z0-9_.- stanza label last_wal kind level
fits 'A-Za-z0-9_.:+/ -' target
fits '0-9 ' repos
fits_number repo processes part
case ${P_moment:-before} in before | after) ;; *) cannot "moment: neither before nor after" ;; esac

# Arguments of every call, one a line; checked names and paths without blanks.
common_arguments() {
  printf '%s\n' "--stanza=$STANZA"
  [ -z "${P_config-}" ] || printf '%s\n' "--config=$P_config"
  [ "${1-}" = without_repo ] || [ -z "${P_repo-}" ] || printf '%s\n' "--repo=$P_repo"
}

# Where data of a source or a repository is: never restored into, around or below it.
foreign_data() {
  cat ${P_config:+"$P_config"} /etc/pgbackrest.conf /etc/pgbackrest/pgbackrest.conf /etc/pgbackrest/conf.d/*.conf \
    2>/dev/null | sed -n 's/^[[:space:]]*\(pg\|repo\)[0-9]*-path[[:space:]]*=[[:space:]]*//p'
  others
}

precheck() {
  for tool in pgbackrest setpriv getent readlink find grep awk sha256sum setsid; do
    m_have "$tool" || cannot "'$tool' is not installed here"
  done
  id "$OWNER" >/dev/null 2>&1 || cannot "there is no user '$OWNER' here"
  [ "$(id -u)" = 0 ] || [ "$(id -un)" = "$OWNER" ] || cannot "this must run as root or as '$OWNER'"
  [ -n "$STANZA" ] || cannot "stanza: it is missing"
  check_place
  [ "${P_promote:-false}" != true ] || [ -n "${P_service_config-}" ] || port_is_free "${P_port:-5432}"
  [ -z "${P_service_config-}" ] || [ -r "$P_service_config" ] || no "there is no $P_service_config here"
  [ -n "${P_bytes-}" ] || return 0 # the rest needs to know the backup
  find_programs
  check_space "$((P_bytes / 1024))"
  not_beside_source "$P_expect_system"
}

# What the repository has, in parts that fit an answer: part 0 asks it, the others read on.
discover() {
  part=${P_part:-0}
  if [ "$part" = 0 ]; then
    # shellcheck disable=SC2046 # words are wanted
    as_owner pgbackrest info --output=json $(common_arguments) >"$S/info.raw" 3>&- ||
      cannot "pgbackrest info ended with status $?"
    # Plain ASCII, and without the lists of what a backup refers to: they are long and not needed.
    tr -cd ' -~' <"$S/info.raw" | sed 's/"reference":\[[^]]*\]/"reference":[]/g' >"$S/info.json"
    say version "$(as_owner pgbackrest version 3>&-)"
  fi
  say parts "$((($(wc -c <"$S/info.json") + 29999) / 30000))"
  say info "$(dd if="$S/info.json" bs=30000 skip="$part" count=1 2>/dev/null)"
  say end 1 # blanks before it are the JSON's own
}

# A line for every file of the archive and every backup: REPO/FOLDER/NAME SIZE TIME.
list_repository() {
  for repo in ${P_repos:-1}; do
    for folder in archive backup; do
      set -- "$folder/$STANZA" --output=json "--repo=$repo"
      [ $folder = backup ] || set -- "$@" --recurse
      # shellcheck disable=SC2046 # words are wanted
      as_owner pgbackrest repo-ls "$@" $(common_arguments without_repo) >"$S/listing" 3>&- || return 1
      tr '}' '\n' <"$S/listing" | awk -v repo="$repo" -v folder="$folder" '
        function number(key) { return match($0, "\"" key "\":[0-9]+") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) : 0 }
        { match($0, /"[^"]*":{/); name = substr($0, RSTART + 1, RLENGTH - 4) }
        /"type":"file"/ && name !~ /\.info|\.tmp$/ { print repo "/" folder "/" name, number("size"), number("time") }
        /"type":"path"/ && name ~ /^[0-9]+-[0-9]+[FDI_0-9-]*$/ && folder == "backup" { print repo "/label/" name, 0, 0 }'
    done
  done
}

# `after` compares with `before`. New WAL and expired backups are the source's daily life; a changed or lost
# file, a segment that exists twice and a new timeline in the archive are not.
fingerprint() {
  claim
  list_repository >"$D/listing.$P_moment" || cannot "the repository could not be listed: $(head -n 1 "$S/listing")"
  say files "$(wc -l <"$D/listing.$P_moment")"
  say sha256 "$(sha256sum <"$D/listing.$P_moment" | cut -d' ' -f1)"
  [ "$P_moment" = after ] || return 0
  awk '
    function name(path) { sub(".*/", "", path); return path }
    function segment(path) { return substr(path, 1, index(path, "/")) substr(name(path), 1, 24) }
    FILENAME == ARGV[1] {
      before[$1] = $2 " " $3
      if ($1 !~ /\/archive\//) next
      if (substr(name($1), 1, 8) > newest) newest = substr(name($1), 1, 8)
      if (name($1) ~ /^[0-9A-F]+-/) held[segment($1)] = 1
      next
    }
    { seen[$1] = 1 }
    $1 in before { if (before[$1] != $2 " " $3) changed++; next }
    $1 ~ /\/archive\// {
      added++
      if (substr(name($1), 1, 8) > newest) timelines++
      else if (name($1) ~ /^[0-9A-F]+-/ && segment($1) in held) twice++
    }
    END {
      for (path in before) if (!(path in seen)) { if (path ~ /\/label\//) expired++; else missing++ }
      if (expired) missing = 0
      printf "changed=%d\nmissing=%d\ntwice=%d\nnew_timelines=%d\nadded=%d\nexpired=%d\n", \
        changed, missing, twice, timelines, added, expired
      exit changed + missing + twice + timelines > 0
    }' "$D/listing.before" "$D/listing.after" >&3 || no "the repository is not as it was before"
}

restore() {
  claim
  [ -z "$(ls -A "$DATA" 2>/dev/null)" ] || cannot "$DATA is not empty: the former round was not removed"
  own_folders data tablespaces log lock spool run
  set -- restore "--set=$P_label" "--pg1-path=$DATA" --archive-mode=off "--tablespace-map-all=$D/tablespaces" \
    "--lock-path=$D/lock" "--log-path=$D/log" --log-level-console=info
  [ -z "${P_processes-}" ] || set -- "$@" "--process-max=$P_processes"
  case $P_kind in
    latest) set -- "$@" --type=default ;;
    immediate) set -- "$@" --type=immediate --target-action=pause ;;
    time | lsn | name) set -- "$@" "--type=$P_kind" "--target=$P_target" --target-action=pause ;;
    *) cannot "'$P_kind' is not a kind of recovery target" ;;
  esac
  # shellcheck disable=SC2046 # words are wanted
  set -- pgbackrest $(common_arguments) "$@"
  say command "$*"
  not_torn
  as_owner "$@" >"$S/restore.log" 2>&1 </dev/null 3>&-
  status=$?
  not_torn
  tail -n 30 "$S/restore.log"
  say bytes "$(($(du -sk "$DATA" "$D/tablespaces" | awk '{ kib += $1 } END { print kib }') * 1024))"
  error=$(grep -m 1 -e ERROR: "$S/restore.log")
  case $status in
    0) as_owner test -e "$DATA/global/pg_control" || no "pgbackrest ended well, but there is no pg_control" ;;
    # checksum, file invalid, format, backup mismatch, file missing, backup set invalid, crypto: the backup itself
    26 | 28 | 29 | 51 | 55 | 75 | 95) no "pgbackrest could not restore $P_label: $error" ;;
    *) cannot "pgbackrest restore ended with status $status: $error" ;;
  esac
}

# restore_command. Only status 1 of pgBackRest means "not there": were any other taken for the end of the
# archive, recovery would end early and nobody would know. Nothing beyond P_last_wal is handed out.
write_fetch() {
  cat >"$D/config/fetch" <<END
last='${P_last_wal-}'
if [ -n "\$last" ]; then
  wanted=\${1%.history} bound=\$last
  case \$1 in *.history) bound=\$(echo "\$last" | cut -c 1-8) ;; esac
  [ "\$(expr "x\$wanted" '>' "x\$bound")" = 0 ] || exit 1
fi
tries=0
while [ \$tries -lt 3 ]; do
  pgbackrest $(common_arguments | tr '\n' ' ')--pg1-path=$DATA archive-get "\$1" "\$2"
  status=\$?
  case \$status in
    0)
      case \$1 in *.history) ;; *) echo "\$1" >$D/log/last-wal ;; esac
      exit 0
      ;;
    1) exit 1 ;;
  esac
  tries=\$((tries + 1))
  sleep 1
done
echo "\$1: pgbackrest archive-get ended with status \$status" >>$D/log/fetch-errors
exit 255
END
}

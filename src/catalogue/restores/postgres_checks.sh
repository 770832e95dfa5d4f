# shellcheck shell=sh disable=SC2154
# The fourth part of every restore provider for PostgreSQL: the levels of validation, and the damage that
# every one of them must notice.

running() { is_running || launch copy; }

# checked COMMAND...: sets status; what it says goes to people and, shortened, into the evidence.
checked() {
  "$@" >"$S/check.log" 2>&1 3>&-
  status=$?
  tail -n 30 "$S/check.log"
  [ $status = 0 ] || say_all said "$(grep -v '^ *$' "$S/check.log" | head -n 6)"
}
reads_damage() { grep -q -i -E 'invalid page|could not read block|corrupt|checksum' "$S/check.log"; }

validate() {
  find_programs
  must_be_ours
  case $P_level in
    checksum) check_checksum ;;
    structure) check_structure ;;
    logical) check_logical ;;
    query) check_query ;;
    *) cannot "'$P_level' is not a level of validation" ;;
  esac
}

check_checksum() {
  [ "$(control_value 'Data page checksum version')" != 0 ] ||
    cannot "data checksums are off in this cluster: only the backup's own checksums of whole files were verified, during the restore"
  stop
  checked as_owner "$BIN/pg_checksums" -c -D "$DATA"
  say blocks "$(sed -n 's/^Blocks scanned: *//p' "$S/check.log")"
  [ $status != 0 ] || return 0
  ! grep -q 'checksum verification failed' "$S/check.log" || no "pages fail their checksum"
  cannot "pg_checksums ended with status $status"
}

check_structure() {
  [ -x "$BIN/pg_amcheck" ] || cannot "there is no pg_amcheck here: it comes with PostgreSQL 14 and later"
  running
  checked connected pg_amcheck -a -j 2 --install-missing --heapallindexed --parent-check
  case $status in
    0) return ;;
    2) no "pg_amcheck found damage" ;;
  esac
  ! reads_damage || no "pg_amcheck could not read the data"
  cannot "pg_amcheck ended with status $status"
}

check_logical() {
  running
  {
    connected pg_dumpall --no-unlogged-table-data 2>"$S/check.log"
    echo $? >"$S/status"
  } | wc -c >"$S/dumped"
  tail -n 30 "$S/check.log"
  say dumped_bytes "$(cat "$S/dumped")"
  [ "$(cat "$S/status")" != 0 ] || return 0
  say_all said "$(head -n 6 "$S/check.log")"
  is_running || cannot "the server ended during pg_dumpall"
  no "pg_dumpall failed: $(head -n 1 "$S/check.log")"
}

check_query() {
  running
  database=$(the_database) || exit 2
  answer=$(sql "$database" "$P_sql" 2>&1)
  status=$?
  say_all answer "$answer"
  [ $status != 2 ] || cannot "the query could not be asked in $database"
  [ "$status:$answer" = 0:t ] || no "the query did not return true in $database"
}

# The first page of every table of the users becomes unreadable. What reads the data at all must notice.
damage() {
  find_programs
  must_be_ours
  running
  sql postgres 'select datname from pg_database where datallowconn and not datistemplate' >"$S/databases" ||
    cannot "the databases could not be listed"
  while read -r database; do
    sql "$database" "select pg_relation_filepath(oid) from pg_class where relkind in ('r', 'm') and relpersistence = 'p'
      and oid >= 16384 and pg_relation_size(oid) > 0 order by pg_relation_size(oid) desc limit 500" </dev/null ||
      cannot "the tables of $database could not be listed"
  done <"$S/databases" >"$S/tables"
  [ -s "$S/tables" ] || cannot "there is no table to damage: the checks cannot be tried"
  stop
  while read -r file; do
    # A name out of the backup. Links on its way are the owner's to follow.
    case $file/ in
      *[!A-Za-z0-9_./]* | */../*) cannot "'$file' is no file of a table" ;;
      base/* | global/* | pg_tblspc/*) ;;
      *) cannot "'$file' is no file of a table" ;;
    esac
    tr '\0' '\377' </dev/zero | as_owner dd of="$DATA/$file" bs=8 seek=1 count=64 conv=notrunc 2>/dev/null ||
      cannot "$file could not be damaged"
  done <"$S/tables"
  say tables "$(grep -c . "$S/tables")"
}

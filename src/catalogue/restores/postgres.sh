# shellcheck shell=sh disable=SC2154,SC2034
# The third part of every restore provider for PostgreSQL: the restored server. It starts with settings of
# our own, reachable by nobody but the owner through a socket in a closed folder; archiving, replication
# workers and preloaded libraries are off. Why each setting is there: docs/restores.md.
#
# A provider says `write_fetch`, which makes $D/config/fetch, the restore_command.

SUPERUSER=${P_superuser:-$OWNER}
PGLOG=$D/log/postgresql.log
fits_path bin service_config
fits A-Za-z0-9_- superuser
fits A-Za-z0-9.:*,_- listen
fits 0-9. version
fits 0-9 expect_system
fits_number port
fits_list A-Za-z0-9_- preload
fits_list 'A-Za-z0-9_,.:/ -' allow

servers() { # DIRECTORY, or nothing for all: pid and data directory of every PostgreSQL process
  find /proc -mindepth 2 -maxdepth 2 -name exe \( -lname '*/postgres' -o -lname '*/postgres (deleted)' \) \
    -printf '%h\n' 2>/dev/null | while read -r process; do
    where=$(readlink "$process/cwd" 2>/dev/null) || continue
    where=${where% (deleted)}
    case $where in *"$M_NL"*) continue ;; esac # anybody can have one there, and would write lines of this list
    [ -n "${1-}" ] && [ "$where" != "$(readlink -f "$1")" ] || echo "${process#/proc/} $where"
  done
}
others() { servers | cut -d' ' -f2- | sort -u | grep -v -x -F "$(readlink -m "$DATA")"; }

# A line of postmaster.pid: 1 pid, 4 port, 5 socket's folder, 6 address.
server_line() { as_owner sed -n "$1p" "$DATA/postmaster.pid" 2>/dev/null; }
# Its first process. The file is the owner's, who can write any number there: it is one of a process in that directory.
server_pid() {
  pid=$(server_line 1)
  m_is_number "$pid" && [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$(readlink -m "$DATA")" ] && echo "$pid"
}
is_running() { server_pid >/dev/null; }

# By SIGQUIT first, so that shared memory is given back.
end_servers() {
  pid=$(server_pid) && servers "$DATA" | grep -q "^$pid " && kill -QUIT "$pid"
  tries=50
  while [ -n "$(servers "$DATA")" ] && [ $tries -gt 0 ]; do
    sleep 0.1
    tries=$((tries - 1))
  done
  servers "$DATA" | while read -r pid _; do kill -KILL "$pid"; done
  # What the database's own code has started, and hidden from us.
  [ ! -d /run/systemd/system ] || ! m_have systemctl ||
    systemctl kill --signal=KILL "muster-restore-$ID-*.scope" 2>/dev/null || :
}

find_programs() {
  version=$(as_owner head -c 20 "$DATA/PG_VERSION" 2>/dev/null) || version=${P_version-}
  # It is the owner's to write, or the backup's, and names the programs.
  case $version in '' | *[!0-9.]* | .* | *..*) cannot "'$version' is no version of PostgreSQL" ;; esac
  for BIN in "${P_bin-}" "/usr/lib/postgresql/$version/bin" "/usr/pgsql-$version/bin" \
    "$(dirname "$(command -v pg_ctl 2>/dev/null)")"; do
    [ -x "$BIN/pg_ctl" ] || continue
    case $(as_owner "$BIN/pg_ctl" --version) in *" $version" | *" $version."* | *" $version "*) return ;; esac
  done
  cannot "there are no programs of PostgreSQL $version here: install the same major version, or name their folder in 'bin'"
}

control_value() { as_owner "$BIN/pg_controldata" "$DATA" 2>/dev/null | sed -n "s/^$1: *//p"; }

port_is_free() {
  hex=$(printf ':%04X' "$1")
  if awk -v port="$hex" 'substr($2, length($2) - 4) == port && $4 == "0A" { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null; then
    no "port $1 is taken here: the recovered server could not be opened on it"
  fi
}

system_of() { # SYSTEM_ID COMMAND...
  shift
  "$@" </dev/null 2>/dev/null 3>&- | sed -n 's/^Database system identifier: *//p'
}
not_beside_source() { # SYSTEM_ID
  servers | while read -r pid where; do
    [ "$where" != "$(readlink -m "$DATA")" ] || continue
    set -- "$1" "$BIN/pg_controldata" "$where"
    # As the user whose process that is: it shows no more than what that one can read.
    if [ "$(id -u)" = 0 ]; then
      ids=$(stat -c '%u %g' "/proc/$pid" 2>/dev/null) || continue
      set -- "$1" setpriv --reuid "${ids% *}" --regid "${ids#* }" --clear-groups -- "$2" "$3"
    fi
    [ "$(system_of "$@")" != "$1" ] || echo "$where"
  done >"$S/conflict"
  [ ! -s "$S/conflict" ] || no "this host runs a server of the very system that is to be restored, in $(head -n 1 "$S/conflict")"
}

preload() {
  i=0
  while [ $i -lt "${P_preload_count:-0}" ]; do
    eval "printf '%s,' \"\$P_preload_$i\""
    i=$((i + 1))
  done | sed 's/,$//'
}

# Recovery stops with "insufficient parameter settings" below what the source had.
settings_of_the_source() {
  while read -r name label; do
    echo "$name = $(control_value "$label setting")"
  done <<END
max_connections max_connections
max_worker_processes max_worker_processes
max_wal_senders max_wal_senders
max_prepared_transactions max_prepared_xacts
max_locks_per_transaction max_locks_per_xact
END
}

write_config() { # copy | service
  umask 022
  [ -d "$D/config" ] || mkdir "$D/config" || cannot "$D/config could not be made"
  : >"$D/config/ident.conf"
  # The socket's folder is closed to all but the owner and root.
  echo "local all all trust" >"$D/config/hba.conf"
  write_fetch
  [ -e "$D/config/source.auto.conf" ] || as_owner cat "$DATA/postgresql.auto.conf" >"$D/config/source.auto.conf"
  {
    echo "unix_socket_directories = '$D/run'"
    settings_of_the_source
    printf '%s\n' "restore_command = 'sh $D/config/fetch %f \"%p\"'" "hot_standby = on" "ssl = off" \
      "lc_messages = 'C'" "log_timezone = 'UTC'" "logging_collector = off"
    [ "$1" = service ] || echo "autovacuum = off"
  } >"$D/config/postgresql.conf"
  if [ "$1" = copy ]; then # nothing of the source's ALTER SYSTEM; of the provider's lines the target
    grep '^recovery_target' "$D/config/source.auto.conf" >"$D/config/auto.conf"
  else # the service's own, but none that reaches, runs or waits for something else
    grep -v -i -E '^[[:space:]]*(include|archive_|restore_command|recovery_|primary_|promote_trigger|synchronous_standby|listen_addresses|port|unix_socket|shared_preload|ssl|data_directory|hba_file|ident_file|external_pid)' \
      "$D/config/source.auto.conf" >"$D/config/auto.conf"
    i=0
    while [ $i -lt "${P_allow_count:-0}" ]; do
      eval "printf 'host %s\n' \"\$P_allow_$i\"" >>"$D/config/hba.conf"
      i=$((i + 1))
    done
  fi
  # As the owner: in the owner's folder a name may be a link by now. It keeps its owner and mode.
  # shellcheck disable=SC2016 # for that shell
  as_owner sh -c 'cat >"$1"' sh "$DATA/postgresql.auto.conf" <"$D/config/auto.conf" ||
    cannot "$DATA/postgresql.auto.conf could not be written"
}

# The command line overrules every file. In a scope of its own the server outlives our session.
launch() { # copy | service
  write_config "$1"
  options="-c archive_mode=off -c max_logical_replication_workers=0"
  if [ "$1" = service ] && [ -n "${P_service_config-}" ]; then
    options="$options -c config_file=$P_service_config"
    [ -z "${P_port-}" ] || options="$options -p $P_port"
    [ -z "${P_listen-}" ] || options="$options -c listen_addresses='$P_listen'"
  else
    listen=
    [ "$1" = copy ] || listen=${P_listen:-*}
    options="$options -p ${P_port:-5432} -k $D/run -c listen_addresses='$listen'"
    options="$options -c config_file=$D/config/postgresql.conf -c hba_file=$D/config/hba.conf"
    options="$options -c ident_file=$D/config/ident.conf -c shared_preload_libraries='$(preload)'"
  fi
  as_owner rm -f "$PGLOG" "$D/log/fetch-errors"
  LAUNCHER=setsid
  if [ -d /run/systemd/system ] && [ "$(id -u)" = 0 ] && m_have systemd-run; then
    m_uptime
    LAUNCHER="systemd-run --quiet --scope --collect --unit=muster-restore-$ID-$M_UPTIME --property=KillSignal=SIGINT --"
  fi
  say options "$options"
  as_owner "$BIN/pg_ctl" -D "$DATA" -w -t "${P_seconds:-60}" -l "$PGLOG" -o "$options" start 3>&- </dev/null
  status=$?
  LAUNCHER=
  not_torn
  [ $status = 0 ] || explain_log "the server did not start"
}

# Why the server is not there or not ready, from its own log.
explain_log() {
  fetch_error=$(as_owner tail -n 1 "$D/log/fetch-errors" 2>/dev/null)
  as_owner tail -c 1048576 "$PGLOG" >"$S/server.log"
  PGLOG=$S/server.log
  tail -n 30 "$PGLOG"
  reason=$(grep -E '(FATAL|PANIC): ' "$PGLOG" | tail -n 1 | sed 's/.*\(FATAL\|PANIC\): */\1: /')
  if grep -q 'recovery ended before configured recovery target was reached' "$PGLOG"; then
    say reason target_not_reached
    no "recovery ended before the target '${P_target-}' was reached: the archive holds nothing later, so nobody can tell whether all before it came back; keep heartbeat commits, or target an LSN"
  fi
  if grep -q -E '\[(FormatError|ChecksumError|CryptoError)\]' "$PGLOG"; then
    no "the archive is damaged: $(grep -m 1 -E '\[(FormatError|ChecksumError|CryptoError)\]' "$PGLOG")"
  fi
  [ -z "$fetch_error" ] || cannot "the repository could not be read during recovery: $fetch_error"
  ! is_running || cannot "$1 within ${P_seconds:-60} s; it is still at work: $(tail -n 1 "$PGLOG")"
  if grep -q -i -E 'PANIC: |invalid page|checkpoint record|before end of online backup|consistent recovery point|could not (open|read|access) (file|directory|block)|incorrect (checksum|resource)|calculated CRC' "$PGLOG"; then
    no "$1: $reason"
  fi
  cannot "$1: ${reason:-$(tail -n 1 "$PGLOG")}"
}

start() {
  find_programs
  must_be_ours
  launch copy
}

connected() { # PROGRAM ARGUMENTS...: with the copy. Without its address it would be with the server that is usual here.
  socket=$(server_line 5) port=$(server_line 4) program=$1
  shift
  if [ -z "$socket" ] || [ -z "$port" ]; then
    echo "the restored server is not there" >&2
    return 2
  fi
  as_owner "$BIN/$program" -h "$socket" -p "$port" -U "$SUPERUSER" "$@"
}
sql() { # DATABASE QUERY
  # A database's name can look like an address of another server, and is the backup's.
  connected psql -X -A -t -q -v ON_ERROR_STOP=1 -d "dbname='$(printf '%s' "$1" | sed "s/[\\\\']/\\\\&/g")'" -c "$2"
}

# The target is reached: open for writing at the end of the archive, or paused at the point asked for.
ready() {
  find_programs
  m_uptime
  deadline=$((M_UPTIME + ${P_seconds:-60} * 100))
  paused='pg_is_wal_replay_paused()'
  [ "${version%%.*}" -lt 14 ] || paused="pg_get_wal_replay_pause_state() = 'paused'"
  state=
  until [ "$state" = open ] || [ "$state" = paused ]; do
    is_running || explain_log "the server ended during recovery"
    m_uptime
    [ "$M_UPTIME" -lt $deadline ] || explain_log "recovery did not reach its target"
    [ -z "$state" ] || sleep 0.1
    state=$(sql postgres "select case when not pg_is_in_recovery() then 'open' when $paused then 'paused' else 'replaying' end" 2>&1) ||
      state="no answer"
  done
  say state "$state"
  case $P_kind in
    latest | none) ;;
    *) [ "$state" = paused ] || no "recovery went to the end of the archive without stopping at '${P_target:-$P_kind}'" ;;
  esac
}

# The one database that is the service's, when it was not named.
the_database() {
  [ -z "${P_database-}" ] || {
    printf '%s\n' "$P_database"
    return
  }
  names=$(sql postgres "select datname from pg_database where datallowconn and not datistemplate and datname <> 'postgres'") ||
    cannot "the databases could not be listed"
  case $(printf '%s\n' "$names" | grep -c .) in
    0) echo postgres ;;
    1) printf '%s\n' "$names" ;;
    *) cannot "there are several databases ($(echo "$names" | tr '\n' ' ')): name the one for queries in 'database'" ;;
  esac
}

# pg_control shows a new timeline only after the first checkpoint on it.
TIMELINE="case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
  else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end"
point() {
  find_programs
  answer=$(sql postgres "select 'lsn=' || coalesce(pg_last_wal_replay_lsn()::text, '')
    || E'\nlast_commit=' || coalesce(to_char(pg_last_xact_replay_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), '')
    || E'\ntimeline=' || $TIMELINE
    || E'\nsystem_id=' || (select system_identifier from pg_control_system())
    || E'\nserver_version=' || current_setting('server_version')
    || E'\nin_recovery=' || pg_is_in_recovery()::text" 2>&1) || cannot "the recovered point could not be read: $answer"
  printf '%s\n' "$answer" >&3
  say last_wal "$(as_owner head -c 100 "$D/log/last-wal" 2>/dev/null)"
  say data_checksums "$(control_value 'Data page checksum version')"
  [ -n "${P_age-}" ] || return 0
  database=$(the_database) || exit 2
  age=$(sql "$database" "$P_age" 2>&1) || cannot "the age query failed: $age"
  say_all age "$age"
}

stop() {
  find_programs
  is_running || return 0
  as_owner "$BIN/pg_ctl" -D "$DATA" -m fast -w -t "${P_seconds:-60}" stop 3>&- || cannot "the server did not stop"
}

promote() {
  find_programs
  [ "$(sql postgres 'select pg_is_in_recovery()')" = f ] ||
    [ "$(sql postgres "select pg_promote(true, ${P_seconds:-60})")" = t ] || cannot "the server was not promoted in time"
  say timeline "$(sql postgres "select $TIMELINE")"
}

# Sees to it that the copy runs, for the steps that follow.
leave() {
  find_programs
  must_be_ours
  is_running || launch copy
  say socket "$(server_line 5)"
  say port "$(server_line 4)"
}

# Stops the proven copy and starts it for clients. Archiving stays off: it is set up anew, on purpose.
serve() {
  stop
  [ -z "${P_port-}" ] || port_is_free "$P_port"
  launch service
  [ "$(sql postgres 'select pg_is_in_recovery()' 2>&1)" = f ] || cannot "the opened server does not answer $SUPERUSER, or is in recovery"
  say port "$(server_line 4)"
  say listens "$(server_line 6)"
  say archiving off
  : >"$S/serving" # from here on `verify` watches it
}

# Faults that are put in, measured, and gone again.
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

# watch_hang FILE: follows the postmaster of db-1, and writes when it was last seen running before it hung, first and
# last seen hanging, and seen running again: hundredths of a second since boot, as the controller's clock counts.
watch_hang() {
  postmaster=
  for pid in $(ip netns pids mlab-orders.db-1); do
    command=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") || continue
    case $command in */bin/postgres\ -D*) postmaster=$pid ;; esac
  done
  [ -n "$postmaster" ] || return 1
  running='' first='' last=''
  while read -r stat <"/proc/$postmaster/stat" && read -r up _ </proc/uptime; do
    at=${up%.*}${up#*.}
    case ${stat##*) } in
      T*) [ -n "$first" ] || { first=$at && before=$running; } && last=$at ;;
      *)
        running=$at
        if [ -n "$first" ]; then
          echo "$before $first $last $running" >"$1"
          return
        fi
        ;;
    esac
    sleep 0.02
  done
}

ms10=10000000 # a hundredth of a second in nanoseconds
at() { json "\$.services[0].outages[0].$1"; }

case_hang_is_measured() {
  watch_hang "$W/truth" &
  watcher=$!
  run_drill hang
  wait "$watcher"
  expect_verdict 0 PASS clean
  read -r before first last running <"$W/truth"
  outage=$(json '$.services[0].outages[0]')
  echo "PostgreSQL hung from $before..$first to $last..$running (1/100 s); measured: $outage"
  expect_all "the outage began when PostgreSQL hung" \
    "$(at onset.lo_ns) -le $((first * ms10))" "$(at onset.hi_ns) -ge $((before * ms10))"
  # Clients wait longer than PostgreSQL hangs: the connections that queued up meanwhile go first.
  queue=1000000000
  expect_all "the outage ended when PostgreSQL went on" \
    "$(at recovery.hi_ns) -ge $((last * ms10))" "$(at recovery.lo_ns) -le $((running * ms10 + queue))"
  lo=$(json '$.services[0].rta_from_outage.lo_ns') hi=$(json '$.services[0].rta_from_outage.hi_ns')
  expect_all "the RTA contains the true length, and is no wider than two seconds" \
    "$lo -le $(((running - before) * ms10 + queue))" "$hi -ge $(((last - first) * ms10))" "$((hi - lo)) -lt 2000000000"
  expect_all "the RTO is met" "$(objective rto met) = yes"
  nothing_left db-1
  expect "clients are served" served_by 10.231.77.11
}

case_disk_runs_full() {
  on_node db-1 'mkdir /mnt/small && mount -t tmpfs -o size=16m tmpfs /mnt/small && echo kept >/mnt/small/file'
  run_drill fill
  expect_verdict 0 PASS clean
  expect_all "it was put in once and undone once" "$(recorded effect.active) = 1" "$(recorded effect.reverted) = 1"
  [ "$(on_node db-1 'ls -A /mnt/small; cat /mnt/small/file')" = "file
kept" ] || fail "something is left on the disk, or too much was removed"
  nothing_left db-1
}

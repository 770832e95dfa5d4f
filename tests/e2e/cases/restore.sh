# Backups come back, or do not.
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

case_restore_test() {
  before=$(repository_files)
  run_drill lab-orders-restore-test
  expect_verdict 0 PASS clean
  expect_words "a damaged copy was refused"
  for asked_for in newest oldest; do
    expect_all "the $asked_for backup was proven, and its damaged copy refused" \
      "$(backup "$asked_for" validated_ns) -gt $(backup "$asked_for" started_ns)" \
      "$(backup "$asked_for" control) = refused_the_damaged"
  done
  expect_all "the objectives are met" "$(objective restore met) = yes" "$(objective data_age met) = yes"
  expect_all "the report says that the source is unchanged" "$(json '$.restores[0].outcome.source_unchanged') = 1"
  expect "the repository is as it was" repository_has "$before"
  nothing_left dr-1
  expect "neither a client nor the primary noticed anything" served_by 10.231.77.11
}

# By a user who may start the gate there as root, and nothing else; then with the runner killed in the midst of it.
case_restore_by_a_gate() {
  edit inventory/lab.yaml 's/dr-1: {ansible_host: 10.231.77.31,/& ansible_user: driller, muster_gate: true,/'
  edit drills/lab-orders-restore-test.yaml 's/newest, oldest/newest/'
  on_node dr-1 'useradd --create-home --shell /bin/sh --password "*" driller
    install -d -o driller -m 700 /home/driller/.ssh
    install -o driller -m 600 /home/muster/.ssh/authorized_keys /home/driller/.ssh/'
  CODE=0
  muster run --no-input lab-orders-restore-test >"$OUT" 2>&1 || CODE=$?
  expect_code 5
  expect_words "sudo does not start its gate"
  muster sudoers lab-orders-restore-test --host dr-1 --dir "$W/files" >"$OUT"
  expect_words "of whichever backup and to whichever point"
  put_on dr-1 755 /usr/local/lib/muster/gate <"$W/files/dr-1/gate"
  put_on dr-1 440 /etc/sudoers.d/driller <"$W/files/dr-1/sudoers.d/muster-lab-orders-restore-test"
  expect "sudo takes the rule" on_node dr-1 'visudo -c >/dev/null'
  expect "the user may do nothing else" on_node dr-1 '! setpriv --reuid driller --regid driller --init-groups sudo -n id'

  run_drill lab-orders-restore-test
  expect_verdict 0 PASS clean
  expect_all "the backup was proven, and its damaged copy refused" "$(backup newest control) = refused_the_damaged"
  nothing_left dr-1

  kill_runner "restore on dr-1: restore" lab-orders-restore-test
  recover_run 0 lab-orders-restore-test
  expect_words "ABORTED, clean"
  nothing_left dr-1
}

# backup ASKED_FOR FIELD: of what the restore step proved.
backup() {
  sqlite3 :memory: "select json_extract(value, '\$.$2')
    from json_each(readfile('$REPORT'), '\$.restores[0].outcome.backups')
    where json_extract(value, '\$.asked_for') = '$1'"
}

case_objectives_missed() {
  edit drills/newest.yaml 's/restore: 2m/restore: 100ms/'
  run_drill newest
  expect_verdict 1 FAIL clean
  expect_all "a restore takes longer than 100 ms" "$(objective restore met) = no"
  nothing_left dr-1

  edit drills/hang.yaml 's/rto: 30s/rto: 4s/'
  run_drill hang
  expect_verdict 1 FAIL clean
  expect_all "an outage of six seconds lies above four as a whole" \
    "$(objective rto met) = no" "$(objective rto actual.lo_ns) -gt 4000000000"
  nothing_left db-1
}

case_newest_backup_damaged() {
  # Sixteen bytes in the middle of its biggest file: the table's, compressed.
  on_node repo-1 'set -e
    cd /var/lib/pgbackrest/backup/orders/latest/
    file=$(find -L . -type f -path "*/base/*" -printf "%s %p\n" | sort -n | tail -n 1 | cut -d " " -f 2-)
    size=$(stat -c %s "$file")
    printf "sixteen bytes !!" | dd of="$file" bs=1 seek=$((size / 2)) conv=notrunc status=none
    echo "damaged: $file of $size bytes"'
  run_drill newest
  expect_verdict 1 FAIL clean
  expect_words 'step 1 "The newest backup comes back" FAILED'
  expect_no_words PASS
  nothing_left dr-1
}

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

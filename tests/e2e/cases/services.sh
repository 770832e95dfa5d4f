# A service that is stopped, a host that is cut off: by Muster's own hand, and by nobody's but the host's own.
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

reaches_db() { on_node lb-1 'nc -z -w 2 10.231.77.11 5432' && nc_here; }
nc_here() { timeout 2 bash -c 'exec 3<>/dev/tcp/10.231.77.11/5432' 2>/dev/null; }
cut_off() { ! on_node lb-1 'nc -z -w 2 10.231.77.11 5432' && ! nc_here; }

# jobs_on_db: a service that can be spared, with one that it brings along.
jobs_on_db() {
  on_node db-1 'set -e
    printf "[Service]\nExecStart=/bin/sleep infinity\n" >/run/systemd/system/jobs.service
    printf "[Unit]\nBindsTo=jobs.service\nAfter=jobs.service\n[Service]\nExecStart=/bin/sleep infinity\n" \
      >/run/systemd/system/jobs-worker.service
    systemctl daemon-reload && systemctl start jobs-worker'
}

# state_of_db: which units are active, and every rule of its firewall.
state_of_db() {
  on_node db-1 'systemctl list-units --plain --no-legend --state=active "jobs*" "postgresql*" ssh.service ssh.socket |
    cut -d " " -f 1; nft -s list ruleset'
}

expect_healed() {
  [ "$(state_of_db)" = "$1" ] || fail "units or rules are not as before: $(state_of_db)"
  expect "db-1 is reached" reaches_db
  nothing_left db-1
}

case_stopped_and_cut_off() {
  jobs_on_db
  before=$(state_of_db)
  case $before in *jobs-worker.service*jobs.service*) ;; *) fail "the jobs do not run on db-1: $before" ;; esac
  run_drill cut
  expect_verdict 0 PASS clean
  expect_all "each was put in once and undone once" "$(recorded effect.active) = 2" "$(recorded effect.reverted) = 2"
  expect_healed "$before"
}

case_killed_while_cut_off() {
  jobs_on_db
  before=$(state_of_db)
  edit drills/cut.yaml 's/pause: 1s/pause: 90s/'
  kill_runner 'step 3 "The front door does not reach it" passed' cut
  # The controller is cut off too, but for the connection that Muster came on.
  expect "db-1 is cut off" cut_off
  [ "$(on_node db-1 'systemctl is-active jobs jobs-worker')" = "inactive
inactive" ] || fail "the jobs run"
  await 60 "db-1 is reached again, by its own doing" reaches_db
  await 20 "the jobs run again" on_node db-1 'systemctl is-active --quiet jobs jobs-worker'
  recover_run 0 cut
  expect_words "ABORTED, clean"
  expect_all "both effects were healed by their lease" "$(healed_by_lease) = 2"
  expect_healed "$before"
}

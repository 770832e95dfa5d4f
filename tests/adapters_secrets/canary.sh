#!/bin/sh
# canary.sh MUSTER: whole runs with real secrets, by the real binary, on this machine: one drawn on a terminal, one told
# as JSON. Then their values are looked for wherever Muster writes: plan, record, every edition of the report, every
# format of the export, the terminal, the socket's answers; and while it runs, in what `ps` would show.
# In a mount namespace of its own: what the run leaves in /run is nobody else's. Ends with 77 where that cannot be made.
set -eu
if [ -z "${CANARY_INSIDE-}" ]; then
  MUSTER=$(realpath "${1:?the path of muster}")
  way=-rm
  [ "$(id -u)" != 0 ] || way=-m
  unshare "$way" true 2>/dev/null || {
    echo "SKIPPED: no mount namespace can be made here (unshare $way)"
    exit 77
  }
  export MUSTER CANARY_INSIDE=yes
  exec unshare "$way" sh "$0"
fi
mount -t tmpfs none /run
TMP=$(mktemp -d)
journald=
finish() {
  [ -z "$journald" ] || kill "$journald" 2>/dev/null || :
  [ -z "$journald" ] || wait "$journald" 2>/dev/null || :
  rm -rf "$TMP"
}
trap finish EXIT
export MUSTER_STATE="$TMP/state"
mkdir -p "$TMP/w/inventory" "$TMP/w/drills" "$TMP/w/playbooks"
cd "$TMP"
umask 077

# A journald of our own, behind a /dev/log of our own: who writes to syslog writes there.
if [ -x /lib/systemd/systemd-journald ] && [ -s /etc/machine-id ] && [ "$(id -u)" = 0 ]; then
  mkdir -p /run/systemd/journal /run/dev/pts /run/dev/shm
  for node in null zero full random urandom tty ptmx fd stdin stdout stderr; do cp -a "/dev/$node" /run/dev/; done
  mount --bind /dev/pts /run/dev/pts
  ln -s /run/systemd/journal/dev-log /run/dev/log
  mount --rbind /run/dev /dev
  /lib/systemd/systemd-journald >/dev/null 2>&1 &
  journald=$!
else
  echo "without journald: it is not installed, or this is not root"
fi

# sudo writes what it was asked to run, with all arguments, into a log of our own, and into journald's.
become=false
: >sudo.log
if command -v sudo >/dev/null && [ "$(id -u)" = 0 ]; then
  printf '%s\n' 'Defaults syslog=authpriv, logfile=/run/sudo.log' 'root ALL=(ALL:ALL) NOPASSWD: ALL' >sudoers
  chmod 440 sudoers
  mount --bind sudoers /etc/sudoers
  become=true
else
  echo "without sudo's log: no sudo here, or not root"
fi

# Made here and put into files only, so that this script's own processes do not show them.
canary() { od -An -N12 -tx1 /dev/urandom | tr -d ' \n' | sed 's/^/canary-/' >"$1"; }
canary "$TMP/by_file"
canary "$TMP/by_command"
canary "$TMP/by_env"

cat >w/inventory/hosts.yaml <<'EOF'
all: {hosts: {here: {muster_connection: local, muster_environment: lab, ansible_become: BECOME}}}
EOF
sed -i "s/BECOME/$become/" w/inventory/hosts.yaml
cat >w/inventory/people.yaml <<EOF
people: {ana: {name: Ana, unix: $(id -un)}, bo: {name: Bo}}
EOF
cat >w/inventory/secrets.yaml <<EOF
secrets:
  file: {file: $TMP/by_file}
  command: {command: [cat, $TMP/by_command]}
  variable: {env: CANARY}
EOF
# A witness reads the secret, says it aloud, and looks for it in all processes.
cat >w/playbooks/witness.yaml <<'EOF'
playbook: witness
targets: {on: {hosts: 1}}
steps:
  - id: undone
    run:
      - sh
      - -c
      - |
        cat >"$0/seen"
        cat "$0/seen"
        # It must be able to find something, or it proves nothing.
        [ -n "$(grep -a -l -F LC_ALL= /proc/[0-9]*/environ 2>/dev/null)" ] || exit 3
        found=$(grep -a -l -F -f "$0/seen" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null)
        echo "found: $found"
        [ -z "$found" ]
      - EOF_TMP
    target: on
    stdin: "${secret.file}\n${secret.command}\n${secret.variable}"
    undo: [rm, -f, EOF_TMP/seen]
  - check: {command: [grep, -q, canary-, EOF_TMP/seen], on_host: on}
  - id: for_good
    run: [sh, -c, 'cp "$0/seen" "$0/kept"; cat; cat "$0/seen" >&2; base64 -w0 <"$0/seen"', EOF_TMP]
    target: on
    stdin: "${secret.file}"
    no_return: true
  - check: {tcp: "127.0.0.1:1", is: down}
  - check: {postgres: "host=127.0.0.1 port=1 user=app password=${secret.variable}", is: down}
EOF
sed -i "s,EOF_TMP,$TMP/seen.d," w/playbooks/witness.yaml
mkdir seen.d
cat >w/drills/canary.yaml <<'EOF'
drill: canary
owner: ana
targets: {here: here}
roles: {dba: {holder: ana, deputy: bo}}
steps:
  - {id: asked, ask: dba, say: "What is it?", answer: {what: {type: string}}, within: 60s, late: fail}
  - {id: w, play: witness, targets: {on: here}}
EOF

"$MUSTER" -C w plan canary >plan.txt
"$MUSTER" -C w plan canary --json >plan.json
cat >run.sh <<EOF
CANARY=\$(cat "$TMP/by_env")
export CANARY
exec "$MUSTER" -C w run canary --no-input "\$@"
EOF
people=0
says() { "$MUSTER" -C w step "$@" >>people.txt 2>&1 || people=1; }

# What the socket answers: as it comes, and what of it is base64 in plain.
ask_socket() { # RUN
  socket=$(find state -name muster.sock | head -n 1)
  for target in /v1/status "/v1/runs/$1/people" '/v1/logs/workspace/entries?from=0' "/v1/logs/run%2F$1/entries?from=0"; do
    curl -s --unix-socket "$socket" "http://muster$target" >>socket.txt || people=1
  done
  grep -o '"entry":"[^"]*"' socket.txt | cut -d'"' -f4 | while read -r entry; do
    printf '%s' "$entry" | base64 -d >>socket.plain
  done
}

# Meanwhile people write them wherever they may write.
people_say() { # PID
  tries=300
  until "$MUSTER" -C w step list 2>/dev/null | grep -qF "What is it?"; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ] || ! kill -0 "$1" 2>/dev/null; then break; fi
    sleep 0.1
  done
  says note "the password is $(cat by_file), or $(base64 -w0 <by_command)"
  says note asked "$(cat by_env)" --who "$(cat by_file)" --at -1s
  says hand dba bo --reason "he knows $(cat by_command)"
  says take dba --reason "I know $(cat by_command) too"
  says ack asked
  ! command -v curl >/dev/null || ask_socket "$("$MUSTER" -C w runs | tail -n 1 | cut -d' ' -f1)"
  says answer asked "what=it is $(cat by_file)"
}

# Once drawn on a terminal, once as JSON.
code=0
if command -v script >/dev/null; then
  script -q -e -c "sh run.sh" terminal.txt >/dev/null 2>&1 </dev/null &
else
  echo "without a terminal: script is missing"
  sh run.sh >terminal.txt 2>&1 &
fi
run=$!
people_say "$run"
wait "$run" || code=$?
rm -rf seen.d
mkdir seen.d
sh run.sh --json >out.txt 2>err.txt &
run=$!
people_say "$run"
wait "$run" || code=$?
for edition in full participant redacted; do
  "$MUSTER" -C w report --edition "$edition" -o "report-$edition" >>told.txt
done
for format in tiles jsonl csv syslog; do
  "$MUSTER" -C w audit export --format "$format" "export-$format" >>told.txt
done
[ "$become" = false ] || cp /run/sudo.log sudo.log
: >journal.export
[ -z "$journald" ] || journalctl -D /run/log/journal --no-pager -o export >journal.export
"$MUSTER" -C w audit log --json >log.json
"$MUSTER" -C w show --json >show.json
"$MUSTER" -C w show >show.txt
"$MUSTER" -C w audit log >log.txt

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  cat terminal.txt out.txt err.txt people.txt >&2
  exit 1
}
# The run did what the test is about …
grep -q canary- seen.d/kept || fail "the command did not get its secret"
for name in by_file by_command by_env; do
  grep -q -F -f "$name" seen.d/kept || fail "the command did not get $name"
done
grep -q 'passed' log.txt || fail "no step passed"
! grep -E 'step\.finished.*(failed|unknown)' log.txt || fail "a step failed"
[ "$code" = 0 ] || fail "exit status $code: every check held, so 0 was expected"
grep -q 'secret file' show.json || fail "what the command said was not redacted by name"
grep -q -F 'secret.file}' plan.json || fail "the plan does not name the secret"
[ "$people" = 0 ] || fail "people could not say what they had to: $(cat people.txt)"
for what in 'the password is \[secret' 'he knows \[secret' 'it is \[secret'; do
  grep -q "$what" log.json || fail "what people wrote does not stand in the record without its secret: $what"
done
[ "$become" = false ] || grep -q COMMAND= sudo.log || fail "sudo has logged nothing"
if [ "$become" = true ] && [ -n "$journald" ]; then
  grep -q 'MESSAGE=.*COMMAND=' journal.export || fail "journald has kept nothing of sudo"
fi
for file in report-full/report.json report-participant/report.html report-redacted/report.html out.txt; do
  [ -s "$file" ] || fail "there is no $file"
done
grep -q 'What is it?' terminal.txt || fail "the terminal has shown nothing of the run"
! command -v curl >/dev/null || grep -q step.asked socket.plain || fail "the socket has told nothing of the run"
# … and nobody else has the values.
for name in by_file by_command by_env; do
  base64 -w0 <"$name" | cut -c1-20 >"$name.64"
  for form in "$name" "$name.64"; do
    found=$(grep -r -a -l -F -f "$form" state w report-* export-* sudo.log journal.export ./*.txt ./*.json socket.*) || found=
    [ -z "$found" ] || fail "$form is in: $found"
  done
done
echo "no canary outside of its cage: $(find state w report-* export-* ./*.txt ./*.json -type f | wc -l) files, sudo's log, journald's and the socket's answers looked through"

# What the cases share: a workspace and a record of their own, running drills, looking at the lab, and expecting.
# shellcheck shell=sh disable=SC2015,SC2016,SC2034,SC2154

# begin CASE: the workspace W and the record of this case.
begin() {
  W=$TMP/$1
  MUSTER_STATE=$TMP/$1.state
  export MUSTER_STATE
  OUT=$W/out
  mkdir -p "$W"
  cp -R "$repository/drills" "$repository/playbooks" "$repository/inventory" "$e2e/workspace/." "$W"
}

# heal CASE: what a case that failed left behind must not make the next ones fail.
heal() {
  MUSTER_STATE=$TMP/$1.state "$MUSTER" -C "$TMP/$1" recover
}

# edit FILE SED-COMMAND…: changes a file of the workspace; each command must change something.
edit() {
  edited=$W/$1
  shift
  for command in "$@"; do
    sed "$command" "$edited" >"$edited.new"
    ! cmp -s "$edited" "$edited.new" || fail "'$command' changes nothing in $edited"
    mv "$edited.new" "$edited"
  done
}

muster() { "$MUSTER" -C "$W" "$@"; }

# run_drill DRILL: runs it to its end; sets CODE, and what `look_at_run` does.
run_drill() {
  CODE=0
  muster run --no-input "$1" >"$OUT" 2>&1 || CODE=$?
  look_at_run
}

# start_drill DRILL: the same in the background, as PID, in a process group of its own as at a terminal.
# `await_words` looks at what it says, `join` waits for its end.
start_drill() {
  : >"$OUT"
  setsid "$MUSTER" -C "$W" run --no-input "$1" >"$OUT" 2>&1 &
  PID=$!
  echo "$PID" >>"$TMP/children"
}

join() {
  CODE=0
  wait "$PID" || CODE=$?
  look_at_run
}

# look_at_run: RUN, REPORT and AUDIT (the entries as stored) of the run whose words are in OUT.
look_at_run() {
  cat "$OUT"
  RUN=$(sed -n 's/^RUN \([^ ]*\) of .*/\1/p' "$OUT")
  [ -n "$RUN" ] || fail "no run was opened"
  REPORT=$(find "$W/reports" -path "*/$RUN/report.json")
  AUDIT=$W/audit
  muster audit log "$RUN" --json --names >"$AUDIT"
}

# stop_children: ends the runs that a case has left going on. A process by its number: only if it is still ours.
stop_children() {
  [ -f "$TMP/children" ] || return 0
  while read -r pid; do
    if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$MUSTER -C $TMP/"; then kill -KILL "$pid"; fi
  done <"$TMP/children"
  rm -f "$TMP/children"
}

# await SECONDS WHAT COMMAND…: until the command holds.
await() {
  tries=$(($1 * 10)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      cat "$OUT"
      fail "waited in vain: $what"
    fi
    sleep 0.1
  done
}

# await_words WORDS: until the run that goes on has said so.
await_words() {
  await 120 "the run says '$1', or ends" said_or_ended "$1"
  expect_words "$1"
}
said_or_ended() { grep -qF "$1" "$OUT" || ! kill -0 "$PID"; }

fail() {
  echo "FAILED: $*"
  exit 1
}

expect_code() { [ "$CODE" = "$1" ] || fail "exit status $CODE, expected $1"; }
expect_words() {
  grep -qF -- "$1" "${2-$OUT}" && return
  cat "${2-$OUT}"
  fail "not said: '$1'"
}
expect_no_words() { ! grep -F -- "$1" "${2-$OUT}" || fail "said, but should not be: '$1'"; }
# expect WHAT COMMAND…: it holds.
expect() {
  what=$1
  shift
  "$@" || fail "$what"
}
# expect_all WHAT TEST…: every test, as one word each, holds.
expect_all() {
  what=$1
  shift
  for one in "$@"; do
    # shellcheck disable=SC2086 # words are wanted
    test $one || fail "$what (not so: $one)"
  done
}

# expect_verdict CODE RESULT STATE: of the exit status, the terminal, the report and the record alike.
expect_verdict() {
  expect_code "$1"
  expect_words "VERDICT $2, $3"
  expect_all "the report's verdict is $2, $3" "$(json '$.verdict.result') = $2" "$(json '$.verdict.state') = $3"
  grep -F '"action":"verdict"' "$AUDIT" | grep -qF "\"outcome\":\"$2\"" || fail "the record has no verdict $2"
}

# json PATH: a value of the report.
json() { sqlite3 :memory: "select json_extract(readfile('$REPORT'), '$1')"; }

# objective NAME FIELD: of the report's judgement of that objective.
objective() {
  sqlite3 :memory: "select json_extract(value, '\$.$2') from json_each(readfile('$REPORT'), '\$.objectives')
    where json_extract(value, '\$.objective') = '$1'"
}

# healed_by_lease: effects that their healer undid. (`recover` may have asked meanwhile: then it is no self_reverted.)
healed_by_lease() { grep -cE '"action":"effect.(self_)?reverted".*"healed_by":"lease"' "$AUDIT" || :; }
recorded() { grep -cF "\"action\":\"$1\"" "$AUDIT" || :; }

# --- the lab

on_node() { # on_node NODE SCRIPT: as root, there
  "$MUSTER" lab shell "$1" -- "sudo sh -c $(quoted "$2")"
}
put_on() { # put_on NODE MODE FILE: what is on standard input, as root's
  "$MUSTER" lab shell "$1" -- "sudo install -D -m $2 /dev/stdin $3"
}
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

power_is() { [ "$("$MUSTER" lab power status "$1")" = "$2" ]; }
answers() { on_node "$1" true; }

# no_copy_on NODE: no restored copy, and nothing that runs from one. (The folder's name is put together, so that no
# command line of ours holds it.)
copies='copies=/var/lib/muster; find "$copies-restore" -mindepth 1 2>/dev/null; ps -eo args | grep "[m]uster-restore"; :'
no_copy_on() { left=$(on_node "$1" "$copies") && [ -z "$left" ]; }

# nothing_left NODE: no copy, no lock, no effect, no lease.
nothing_left() {
  left=$(on_node "$1" "cd /run/muster 2>/dev/null && find . -mindepth 1 ! -path ./effect ! -path ./run ! -path ./gone ! -path './life*' ! -path './witness*'
    $copies") || fail "$1 cannot be asked"
  [ -z "$left" ] || fail "on $1 is left: $(echo "$left" | head -n 20)"
}

no_effect_on() { [ -z "$(on_node "$1" 'ls -A /run/muster/effect; ls -d /run/muster/lock' 2>/dev/null)" ]; }
no_effect_on_controller() { [ -z "$(ls -A /run/muster/effect 2>/dev/null)" ]; }

# served_by ADDRESS: clients are served through the front door, by the database there, and can write.
as_client() { on_node lb-1 "psql -X -q -At -h 127.0.0.1 -U app -d orders -c \"$1\""; }
served_by() {
  [ "$(as_client "select host(inet_server_addr())")" = "$1" ] &&
    as_client "insert into orders (customer, item, amount) values (1, 'e2e', 1)"
}

# repository_files: every file of the repository with its hash. repository_has LIST: they are all as they were. (New
# WAL comes all the time.)
repository_files() { on_node repo-1 'cd /var/lib/pgbackrest && find . -type f -exec sha256sum {} + | sort -k 2'; }
repository_has() {
  printf '%s\n' "$1" | "$MUSTER" lab shell repo-1 -- 'sudo sh -c "cd /var/lib/pgbackrest && sha256sum --quiet -c -"'
}

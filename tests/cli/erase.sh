#!/bin/sh
# erase.sh MUSTER: somebody is erased from the record of a drill that was run, by the real binary on a real store:
# nothing of them is left in its files, everybody else is, and the record is as provable as before.
# shellcheck disable=SC2317 # functions that `status` calls
set -eu
muster=${1:?the binary}
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
checker=$(cd "$(dirname "$0")/../audit" && pwd)/check_persons.py
needs python3 openssl
w=$room/w
me=$(id -un)
mkdir -p "$w/drills" "$w/inventory"
cat >"$w/inventory/people.yaml" <<END
people:
  anaximandra: {name: Xenia Silva, unix: $me}
  boreas: {name: Bo Berg}
END
echo 'all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}' >"$w/inventory/hosts.yaml"
cat >"$w/drills/hello.yaml" <<'END'
drill: hello
owner: anaximandra
why: anaximandra wants to know
targets: {it: here}
roles: {dba: {holder: anaximandra, deputy: boreas}}
steps:
  - {name: Say hello, tell: hello anaximandra}
END
it() { "$muster" -C "$w" "$@"; }
store() { find "$MUSTER_STATE" -name store.db; }
# sql STATEMENT: by Python's SQLite, as somebody with the file would
sql() { python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); [print(*r) for r in db.execute(sys.argv[2])]; db.commit()' "$(store)" "$1"; }
left_of() { # left_of TEXT: how many files of the state hold it
  grep -rlaF -- "$1" "$MUSTER_STATE" | wc -l
}

status 3 it run hello --no-input
run=$(it runs | tail -n 1 | cut -d ' ' -f 1)
status 0 it audit verify
# The entries hold nobody's name, and are read as if they did.
[ "$(sql "SELECT count(*) FROM entries WHERE instr(entry, 'anaximandra') OR instr(entry, 'unix:$me') OR instr(entry, 'boreas')")" = 0 ] ||
  wrong "an entry holds a name: $(sql "SELECT entry FROM entries WHERE instr(entry, 'anaximandra') LIMIT 1")"
[ "$(left_of anaximandra)" != 0 ] || wrong "nothing of the store names anybody"
status 0 it audit log "$run"
holds '"holder":"anaximandra"' "$room/out"
holds "unix:$me" "$room/out"
status 0 it audit log "$run" --json
lacks anaximandra "$room/out"
status 0 it audit log "$run" --json --names
holds '"holder":"anaximandra"' "$room/out"
grep -qF anaximandra "$w/reports/hello/$run/report.html" || wrong "the report does not name who held a role"

# A stranger checks whom an export names.
status 0 it audit export "$room/export"
status 0 python3 "$checker" "$room/export"
holds "unix:$me" "$room/out"
holds "boreas" "$room/out"
status 0 it audit export "$room/bare" --without-persons
[ ! -e "$room/bare/persons.json" ] || wrong "who they are was exported all the same"
grep -rqaF anaximandra "$room/bare" && wrong "an export without persons names one"
status 0 it audit export "$room/csv" --format csv --without-persons
lacks anaximandra "$room/csv/workspace.csv"
sed -i 's/"boreas"/"eurus"/' "$room/export/persons.json"
status 1 python3 "$checker" "$room/export"
holds "IS SOMEBODY ELSE" "$room/out"

# What must stay stays; and nobody is erased by looking.
status 0 it audit hold hello --reason "the case of the auditors"
status 1 it audit erase anaximandra
holds "is under a legal hold" "$room/out"
status 0 it audit release hello --reason "it is closed"
status 2 it audit erase anaximandra --reason "anaximandra wants it"
holds "the reason names them" "$room/out"
# Nor in any of their names, in part or in capitals; a word that only holds one is no name.
for reason in "request of Xenia SILVA today" "mail of xenia.silva@example.org" "XENIA's wish" "for unix:$me, as asked"; do
  status 2 it audit erase anaximandra --dry-run --reason "$reason"
  holds "the reason names them" "$room/out"
done
status 2 it audit erase "unix:$me" --reason "request of Xenia SILVA, today"
holds "stays in the record for ever: 'Xenia SILVA'" "$room/out"
status 0 it audit erase anaximandra --dry-run --reason "Silvaplana, person 17, token 3 of unix time"
status 0 it audit erase anaximandra --dry-run
holds "ERASE unix:$me" "$room/out"
holds "Nothing was erased" "$room/out"
status 0 it audit erase nobody
holds "Nothing of the record names nobody" "$room/out"
status 0 it audit log "$run"
holds anaximandra "$room/out"

# Erased: not a byte of them is left in the state folder.
cp -a "$MUSTER_STATE" "$room/before"
status 0 it audit erase "Xenia Silva" --reason "request of today"
holds "It is erased, and the record says so" "$room/out"
holds "inventory/people.yaml still names them" "$room/out"
for text in anaximandra "Xenia Silva" "unix:$me"; do
  [ "$(left_of "$text")" = 0 ] || wrong "'$text' is still in the store: $(grep -rlaF -- "$text" "$MUSTER_STATE")"
done
[ "$(left_of boreas)" != 0 ] || wrong "somebody else went too"
status 0 it audit verify
holds "names in it were erased, and the record says when" "$room/out"
status 0 it audit log workspace
holds "person.erased" "$room/out"
holds "(erased person " "$room/out"
status 0 it audit log workspace --json
holds '"reason":"request of today"' "$room/out"
status 0 it audit log "$run" --json --names
holds '"holder":"erased:' "$room/out"
holds '"deputy":"boreas"' "$room/out"
status 0 it show "$run" --json
holds '"principal": "erased:' "$room/out"
status 0 it runs
holds "(erased person " "$room/out"
status 0 it report "$run"
grep -qF "(erased person " "$w/reports/hello/$run/report.html" || wrong "the new report does not say that somebody was erased"
grep -rqF anaximandra "$w/reports" && wrong "the new report names them"
status 0 it audit erase anaximandra
holds "Nothing of the record names" "$room/out"
# An export goes on where it was, and its list of persons is another one.
rm -r "$room/export"
status 0 it audit export "$room/export"
status 0 python3 "$checker" "$room/export"
holds " erased" "$room/out"
grep -rqaF anaximandra "$room/export" && wrong "an export of now names them"
# A declaration that nobody signed is believed by nobody.
status 0 it audit export "$room/lines" --format jsonl
status 0 python3 "$checker" "$room/lines"
holds " erased" "$room/out"
sed -i '/"action":"checkpoint"/d' "$room/lines/workspace.jsonl"
status 1 python3 "$checker" "$room/lines"
holds "NOT THERE, and nobody signed that it was erased" "$room/out"

# Whoever comes again is named again, by another number.
status 3 it run hello --no-input
status 0 it audit verify
status 0 it runs
holds "unix:$me" "$room/out"
status 0 it audit erase anaximandra
[ "$(left_of anaximandra)" = 0 ] || wrong "the second time something is left"
status 0 it audit verify

# Declared, and the process died before anything was removed: verify says so, the next one goes on.
rm -r "$MUSTER_STATE"
cp -a "$room/before" "$MUSTER_STATE"
python3 - "$(store)" "$room/rows.db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("ATTACH ? AS kept", (sys.argv[2],))
db.execute("CREATE TABLE kept.rows AS SELECT * FROM main.rows WHERE key LIKE 'person%'")
db.commit()
END
status 0 it audit erase anaximandra
python3 - "$(store)" "$room/rows.db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("ATTACH ? AS kept", (sys.argv[2],))
db.execute("INSERT OR IGNORE INTO main.rows SELECT key, value FROM kept.rows")
db.commit()
END
status 0 it audit verify
holds "were declared erased and are still there" "$room/out"
status 0 it audit erase anaximandra
holds "GO ON with what was declared earlier" "$room/out"
[ "$(left_of anaximandra)" = 0 ] || wrong "what was declared was not removed"

# Somebody changes a name, or takes one away and says nothing.
sql "UPDATE rows SET value = CAST(replace(CAST(value AS TEXT), 'boreas', 'eurus') AS BLOB) WHERE key LIKE 'person/%'" >/dev/null
status 1 it audit verify
holds "person altered" "$room/out"
sql "DELETE FROM rows WHERE key LIKE 'person/%'" >/dev/null
status 1 it audit verify
holds "person missing" "$room/out"
finish "erasing a person"

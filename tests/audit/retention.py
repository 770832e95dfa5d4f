"""What is past its time is removed, declared, and nothing else: by the real binary on a record that was made older, read
back by Muster and by strangers. Legal holds; samples alone; whole runs; a removal that was cut off. Nothing goes, and nobody
is erased, by a declaration that is not signed."""
import json
import shutil
import sqlite3

import stranger_go
from matrix_tools import re_signed
from world import Attacker, World, call, canonical, fail, leaf, root, sealed, stranger

PROBED = """drill: probed
owner: ana
targets: {here: here}
services:
  door: {command: ["true"], every: 200ms, timeout: 100ms, up: 90% over 1s, warm_up: 2s, outage: tolerated}
steps:
  - {name: The machine answers, check: {command: ["true"], on_host: here}}
"""


def need(condition, what):
    if not condition:
        fail(what)


def aged(w, years):
    """Everything that was ever written happened so many years earlier, and was signed so."""
    attacker = Attacker(w.record())
    logs = [row[0] for row in attacker.db.execute("SELECT log FROM logs")]
    for log in logs:
        entries = []
        for entry in attacker.entries(log):
            fields = json.loads(entry)
            fields["ts"] = "%04d%s" % (int(fields["ts"][:4]) - years, fields["ts"][4:])
            entries.append(canonical(fields))
        if entries:
            attacker.put(log, sealed(entries))
    re_signed(attacker, attacker.record / "audit.key", w.folder)
    attacker.done()
    # What the key signed last stands beside it, and is as old.
    (w.record() / "audit.signed").write_text(w.checkpoint("workspace"))
    need(w.verify()[0] == 0, "the record that was made older is not whole: %s" % (w.verify(),))


def retain(w, *words):
    return json.loads(w.muster("audit", "retain", "--json", *words))


def brief(said):
    return sorted((r["run"], r["what"]) for r in said["removals"]), sorted(k["run"] for k in said["kept"])


def main():
    w = World()
    try:
        (w.workspace / "drills/probed.yaml").write_text(PROBED)
        first, second, third = (w.run() for _ in range(3))
        probed, last = w.run("probed"), w.run("probed")
        need("Nothing is removed" in w.muster("audit", "retain"), "without a rule something is removed")
        aged(w, 3)
        rule = w.workspace / "inventory/retention.yaml"
        rule.write_text("retention: {keep: 6y, samples: 400d}\n")
        w.muster("check")

        # Samples: their entries stay, and the report says what is missing.
        blobs = count_blobs(w)
        need(brief(retain(w, "--dry-run")) ==
             (sorted((r, "samples") for r in (first, second, probed)), sorted([third, last])), "samples: dry")
        need(count_blobs(w) == blobs, "a dry run removed something")
        said = retain(w)
        need(count_blobs(w) < blobs, "no sample was removed")
        counted(w, said, blobs)
        shown = w.muster("show", probed, "--json")
        need("samples were removed on" in shown and "samples 400d" in shown, "the report does not say it: " + shown)
        need(brief(retain(w)) == ([], sorted([third, last])), "samples: again")

        # Whole runs. One is held, one is its drill's last.
        w.muster("audit", "hold", first, code=2)
        w.muster("audit", "hold", first, "--reason", "the case of Smith")
        w.muster("audit", "hold", first, "--reason", "twice", code=1)
        w.muster("audit", "hold", "nobody", "--reason", "x", code=2)
        need("the case of Smith" in w.muster("audit", "hold"), "the hold is not listed")
        aged(w, 4)
        key = w.muster("audit", "key", "show").strip()
        before = w.folder / "before"
        w.muster("audit", "export", before)
        blobs = count_blobs(w)
        said = retain(w)
        counted(w, said, blobs)
        went, kept = brief(said)
        need(went == sorted([(second, "run"), (probed, "run")]) and kept == sorted([first, third, last]), "runs: %s %s" % (went, kept))
        code, found, err = w.verify()
        need(code == 0 and found["intact"] and found["signed"], "verify: %s %s" % (found, err))
        removed = [log["log"] for log in found["logs"] if "removed" in log]
        need(removed == ["run/" + second, "run/" + probed], "verify names %s" % removed)
        done = w.try_muster("show", second)
        need(done.returncode == 1 and "under the rule `keep 6y`" in done.stderr, "show: " + done.stderr)
        need(second in w.muster("runs"), "the run is not listed any more")
        need(brief(retain(w))[0] == [], "it is removed twice")
        strangers(w, key, before, [first, third, last], second)

        # Cut off between the declaration and the removal: the next one goes on.
        w.muster("audit", "release", first, "--reason", "the case is closed")
        copy = w.copy("cut-off")
        retain(w)
        declared = w.state
        merge_entries(w, copy, declared, first)
        code, found, _ = w.verify(first)
        need(code == 0 and "removed" not in found["logs"][1], "declared, and still there: %s" % found)
        said = retain(w)
        need(brief(said)[0] == [(first, "run")] and said["removals"][0]["declared_before"], "gone on: %s" % said)
        need(w.verify()[0] == 0 and "removed" in w.verify(first)[1]["logs"][1], "after that")
        print("what is past its time is removed as declared, and nothing else")
    finally:
        w.close()


def counted(w, said, before):
    """What is said and declared of blobs is what went."""
    gone = before - count_blobs(w)
    need(gone == sum(r["blobs"] for r in said["removals"]), "%d blobs went: %s" % (gone, said))
    declared = [e["data"]["blobs"] for e in w.entries("workspace") if e["action"] == "record.pruned"]
    need(gone == sum(declared[-len(said["removals"]):]), "%d blobs went, declared: %s" % (gone, declared))


class WithoutKey:
    """The record cannot be signed."""

    def __init__(self, w):
        self.key, self.away = w.record() / "audit.key", w.folder / "away.key"

    def __enter__(self):
        self.key.rename(self.away)

    def __exit__(self, *_):
        self.away.rename(self.key)


def declared(w, action, data):
    """A declaration that nobody signed: of a process that died before it, or of somebody with the file. Where it stands."""
    attacker = Attacker(w.record())
    entries = attacker.entries("workspace")
    fields = json.loads(entries[-1])
    fields.pop("run", None)
    fields.pop("drill", None)
    fields.update(action=action, data=data)
    attacker.put("workspace", sealed(entries + [canonical(fields)]))
    attacker.done()
    return len(entries)


def pruned(w, run):
    """What `record.pruned` says of it."""
    leaves = [leaf(line.encode()) for line in w.muster("audit", "log", run, "--json").splitlines()]
    return {"what": "run", "run": run, "rule": "keep 2y", "size": len(leaves), "root": root(leaves).hex(), "blobs": 1}


def actions(w, action):
    return [e["seq"] for e in w.entries("workspace") if e["action"] == action]


def signed_to(w):
    return max(e["data"]["size"] for e in w.entries("workspace")
               if e["action"] == "checkpoint" and e["data"]["log"] == "workspace")


def is_there(w, run):
    """In the store's file: Muster shows no run that is declared as removed."""
    db = sqlite3.connect(w.record() / "store.db")
    count = db.execute("SELECT count(*) FROM entries WHERE log = ?", ("run/" + run,)).fetchone()[0]
    db.close()
    return count > 5


def unsigned_removals():
    w = World()
    try:
        first, second, last = (w.run() for _ in range(3))
        aged(w, 3)
        (w.workspace / "inventory/retention.yaml").write_text("retention: {keep: 2y}\n")
        with WithoutKey(w):
            w.muster("audit", "retain", code=1)
            need(not actions(w, "record.pruned"), "what cannot be signed is declared all the same")
            done = w.try_muster("audit", "hold", first, "--reason", "the case of Smith")
            need(done.returncode == 1 and "From now on the run %s is under a legal hold, but that is not signed" % first in done.stderr,
                 "a hold without the key: " + done.stderr)
            need("the case of Smith" in w.muster("audit", "hold"), "the hold is not in force")
        w.muster("audit", "release", first, "--reason", "it is closed")
        # Cut off before it was signed: it goes on when it can be signed.
        declared(w, "record.pruned", pruned(w, second))
        with WithoutKey(w):
            for _ in range(2):
                w.muster("audit", "retain", code=1)
                need(is_there(w, second) and is_there(w, first), "removed without a signature")
        need(brief(retain(w))[0] == sorted([(first, "run"), (second, "run")]), "gone on")
        need(signed_to(w) > max(actions(w, "record.pruned")), "removed, and the declarations are not signed")
        need(w.verify()[0] == 0, "after that: %s" % (w.verify(),))
        # Forged: no rule has it go.
        place = declared(w, "record.pruned", pruned(w, last))
        for words in ([], ["--dry-run"]):
            done = w.try_muster("audit", "retain", *words)
            need(done.returncode == 1 and "entry %d of the workspace's log declares" % place in done.stderr and
                 "the last one of small that passed" in done.stderr and "audit verify" in done.stderr,
                 "a forged declaration: %d %s%s" % (done.returncode, done.stdout, done.stderr))
        (w.workspace / "inventory/retention.yaml").unlink()
        w.muster("audit", "retain", code=1)
        need(is_there(w, last) and signed_to(w) <= place, "a forged declaration was carried out, or signed")
    finally:
        w.close()


def named_rows(w):
    """The numbers that stand for ana."""
    db = sqlite3.connect(w.record() / "store.db")
    rows = db.execute("SELECT key FROM rows WHERE key LIKE 'person/%' AND CAST(value AS TEXT) LIKE '%\"ana\"%'").fetchall()
    db.close()
    return [row[0][len("person/"):] for row in rows]


def unsigned_erasures():
    w = World()
    try:
        w.run()
        need(named_rows(w), "nothing names ana")
        with WithoutKey(w):
            for _ in range(2):
                w.muster("audit", "erase", "ana", code=1)
            need(not actions(w, "person.erased") and named_rows(w), "erased, or declared, without a signature")
        declared(w, "person.erased", {"commitments": named_rows(w)})
        with WithoutKey(w):
            for _ in range(2):
                w.muster("audit", "erase", "ana", code=1)
            need(len(actions(w, "person.erased")) == 1 and named_rows(w), "gone on without a signature")
        w.muster("audit", "erase", "ana")
        need(not named_rows(w) and signed_to(w) > max(actions(w, "person.erased")), "erased, and that is not signed")
        need(w.verify()[0] == 0, "after that: %s" % (w.verify(),))
    finally:
        w.close()


def count_blobs(w):
    db = sqlite3.connect(w.record() / "store.db")
    count = db.execute("SELECT count(*) FROM blobs").fetchone()[0]
    db.close()
    return count


def strangers(w, key, before, kept, removed):
    """Programs that share no code with Muster: what is left verifies, an export of before does too, and is left alone."""
    out = w.folder / "after"
    said = w.muster("audit", "export", out)
    need("removed on" in said and not (out / "run" / removed).exists(), "the export: " + said)
    code, text = stranger("export", out, "--key", key)
    need(code == 0 and "run/%s: removed on" % removed in text, "verify.py: " + text)
    w.muster("audit", "export", before)
    code, text = stranger("export", before, "--key", key)
    need(code == 0 and (before / "run" / removed).is_dir() and "removed on" not in text, "an export of before: " + text)
    program = stranger_go.built(w.folder)
    if program:
        done = call([str(program), str(out), key])
        need(done.returncode == 0 and all("run/" + run in done.stdout for run in kept), "Go: " + done.stdout + done.stderr)
    shutil.rmtree(out)


def merge_entries(w, old, new, run):
    """The entries of one run as they were in an older copy: what a process leaves that died before it removed them."""
    w.use(old)
    entries = Attacker(w.record())
    rows = entries.entries("run/" + run)
    entries.db.rollback()
    entries.db.close()
    w.use(new)
    attacker = Attacker(w.record())
    attacker.put("run/" + run, rows)
    attacker.done()


if __name__ == "__main__":
    main()
    unsigned_removals()
    unsigned_erasures()

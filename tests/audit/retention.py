"""What is past its time is removed, declared, and nothing else: by the real binary on a record that was made older, read
back by Muster and by strangers. Legal holds; samples alone; whole runs; a removal that was cut off."""
import json
import shutil
import sqlite3

import stranger_go
from matrix_tools import re_signed
from world import Attacker, World, call, canonical, fail, sealed, stranger

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
        retain(w)
        need(count_blobs(w) < blobs, "no sample was removed")
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
        went, kept = brief(retain(w))
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

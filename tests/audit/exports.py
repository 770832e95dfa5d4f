"""Exporting again only adds, and writes nowhere else: whatever was done to the record or to the folder since."""
import fcntl
import json
import os
import shutil

from world import Attacker, World, canonical, fail, sealed


def need(holds, what):
    if not holds:
        fail(what)


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def left_beside(folder):
    return [p.name for p in folder.parent.iterdir() if p.name.startswith(folder.name + ".new-")]


def refused(w, out, said, what):
    """The export is: with a sentence, and the earlier one stands as it was."""
    before = tree(out)
    done = w.try_muster("audit", "export", out)
    need(done.returncode == 1 and all(text in done.stderr for text in said),
         "%s: exit %d, %s%s" % (what, done.returncode, done.stdout, done.stderr))
    need(tree(out) == before and not left_beside(out), "%s: the earlier export is another one now" % what)


def without(w, action, log=None):
    """The record in a copy, without the entries of this kind in the workspace's log."""
    w.use(w.copy("without-%s-%s" % (action, "one" if log else "all")))
    attacker = Attacker(w.record())
    kept = []
    for entry in attacker.entries("workspace"):
        fields = json.loads(entry)
        of = fields.get("data", {}).get("log", "run/" + fields.get("run", ""))
        if fields["action"] != action or (log and of != log):
            kept.append(entry)
    attacker.put("workspace", sealed(kept))
    attacker.done()


def only_adds(w):
    run = w.run()
    w.run()
    out = w.folder / "x"
    w.muster("audit", "export", out)
    whole = w.state
    without(w, "checkpoint")
    refused(w, out, ["workspace", "exported earlier", "checkpoints were removed", "keep that export"],
            "all checkpoints are gone")
    w.use(whole)
    # The workspace's log is another one by that, too.
    without(w, "checkpoint", "run/" + run)
    refused(w, out, ["workspace"], "a run's checkpoints are gone")
    w.use(whole)
    extra = out / "run" / "20200101-000000-abcdef"
    shutil.copytree(out / "run" / run, extra)
    refused(w, out, [extra.name, "the record has nothing for it", "Keep that export"],
            "a run is in the export, and not in the record")
    shutil.rmtree(extra)
    (out / "mine.txt").write_text("x")
    refused(w, out, ["mine.txt", "move away"], "a file of somebody's own is in it")
    (out / "mine.txt").unlink()
    w.run()
    w.muster("audit", "export", out)
    w.muster("audit", "export", out, "--without-persons")
    need(not (out / "persons.json").exists(), "--without-persons")
    return out


def links(w):
    target, link = w.folder / "target", w.folder / "link"
    link.symlink_to(target)
    done = w.try_muster("audit", "export", link)
    need(done.returncode == 1 and "a link to what is not there" in done.stderr, "a link to nothing: " + done.stderr)
    target.mkdir()
    for _ in range(2):
        w.muster("audit", "export", link)
        need(link.is_symlink() and (target / "workspace/checkpoint").is_file(), "a link is not followed")
    link.unlink()
    (w.folder / "file").write_text("")
    w.muster("audit", "export", w.folder / "file", code=1)
    need((w.folder / "file").is_file(), "a file was replaced by an export")


def leftovers(w, out):
    """Of killed exports: goes. What goes on, or is somebody else's: stays."""
    ends = ("0123abcd", "11111111", "22222222", "mine", "33333333")
    killed, running, mine, other, empty = (out.with_name(out.name + ".new-" + end) for end in ends)
    for folder in (killed, running, mine, other):
        shutil.copytree(out, folder)
    empty.mkdir()
    (mine / "mine.txt").write_text("x")
    lock = os.open(running, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    w.muster("audit", "export", out)
    need(not killed.exists(), "what a killed export left is still there")
    need(all(folder.exists() for folder in (running, mine, other, empty)), "more was removed than was left over")
    os.close(lock)
    w.muster("audit", "export", out)
    need(not running.exists(), "that is left over now, too")


def hostile(w):
    """Runs under names that lead elsewhere, or steer the terminal."""
    run = w.run()
    elsewhere = "../../../pwned-by-export"
    steering = "x\x1b[2K\x1b]0;title\x07\nINTACT      run/zzz: all fine"
    attacker = Attacker(w.record())
    entries = attacker.entries("workspace")
    opened = next(json.loads(e) for e in entries if json.loads(e)["action"] == "run.opened")
    place = len(entries)
    attacker.put("workspace", sealed(entries + [canonical({**opened, "run": name}) for name in (elsewhere, steering)]))
    attacker.db.execute("INSERT INTO logs VALUES (?, 0, zeroblob(32), 1)", ("run/" + elsewhere,))
    first = {**json.loads(attacker.entries("run/" + run)[0]), "run": elsewhere}
    attacker.put("run/" + elsewhere, sealed([canonical(first)]))
    attacker.done()
    out = w.folder / "d" / "e" / "x"
    out.parent.mkdir(parents=True)
    for form in ("jsonl", "csv", "syslog", "tiles"):
        done = w.try_muster("audit", "export", out, "--format", form)
        need(done.returncode == 1 and "entry %d of the workspace's log opens a run" % place in done.stderr,
             "%s of a hostile record: exit %d, %s%s" % (form, done.returncode, done.stdout, done.stderr))
    need(not list(w.folder.rglob("*pwned*")) and not out.exists(), "files were written where the record says")
    for words in (["audit", "verify"], ["runs"], ["show"], ["audit", "export", out], ["audit", "proof", run, "0"]):
        done = w.try_muster(*words)
        text = done.stdout + done.stderr
        need("\x1b" not in text and "\x07" not in text and not any(
            line.startswith("INTACT      run/zzz") for line in text.splitlines()), "%s: %r" % (words, text))
        need(done.returncode in ((0,) if words == ["runs"] else (0, 1, 2)), "%s: %d" % (words, done.returncode))
    need("pwned-by-export" in w.muster("runs"), "`muster runs` leaves them out")
    code, found, error = w.verify()
    need(code == 1 and any("Muster gives to none" in finding["text"]
                           for log in found["logs"] for finding in log["findings"]),
         "verify does not tell of the names: exit %d, %s%s" % (code, found, error))
    need("Muster gives to none" in w.try_muster("show").stderr, "`muster show` does not say why")


def hostile_report(w):
    """A drill's name is that of a folder."""
    run = w.run()
    attacker = Attacker(w.record())
    entries = [canonical({**json.loads(e), "drill": "../../pwned-by-report"}) for e in attacker.entries("run/" + run)]
    attacker.put("run/" + run, sealed(entries))
    attacker.done()
    done = w.try_muster("report", run)
    need(done.returncode == 1 and "pwned-by-report" in done.stderr, "a report: exit %d, %s%s" %
         (done.returncode, done.stdout, done.stderr))
    need(not list(w.folder.rglob("pwned*")), "a report was written where the record says")


def in_a_world(test):
    w = World()
    try:
        test(w)
    finally:
        w.close()


def main():
    def folder(w):
        out = only_adds(w)
        leftovers(w, out)
        links(w)
    in_a_world(folder)
    in_a_world(hostile)
    in_a_world(hostile_report)
    print("exporting again only adds, and writes nowhere else")


main()

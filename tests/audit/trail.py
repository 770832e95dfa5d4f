"""The audit trail from end to end: signed by the first run, exported, proven by docs/verify.py; keys change; old copies
agree or do not."""
import csv
import filecmp
import hashlib
import json
import os
import pathlib
import shutil
import stat

from matrix_tools import edited
from world import MUSTER, Attacker, World, call, fail, sealed, stranger


def need(condition, what):
    if not condition:
        fail(what)


def same_tree(a, b):
    compared = filecmp.dircmp(a, b)
    return not (compared.left_only or compared.right_only or compared.diff_files) and all(
        same_tree(pathlib.Path(a) / sub, pathlib.Path(b) / sub) for sub in compared.common_dirs)


def proven(words, what, expected=0):
    code, said = stranger(*words)
    need(code == expected, "%s: the stranger says %d: %s" % (what, code, said))
    return said


def keys_and_verify(w):
    done = w.try_muster("audit", "verify")
    need(done.returncode == 2 and "there is no record" in done.stderr, "no record: " + done.stdout + done.stderr)
    first = w.muster("run", "small", "--no-input")
    need(first.count("A key was made") == 1, "the first run does not say that it made a key: " + first)
    need("A key was made" not in w.muster("run", "small", "--no-input"), "the second run made a key too")
    key_file = w.record() / "audit.key"
    need(stat.S_IMODE(key_file.stat().st_mode) == 0o600, "the key is open to others")
    need(not list(w.workspace.rglob("audit.key")), "the key is in the workspace")
    key = w.muster("audit", "key", "show").strip()
    need(key in first, "the key that was made is not the one that is shown")
    code, found, _ = w.verify()
    need(code == 0 and found["intact"] and found["signed"] and not found["witnessed"], "verify: %s" % found)
    for log in found["logs"][1:]:
        need(log["signed_entries"] == log["entries"], "a run is not signed to its end: %s" % log)
    w.muster("audit", "key", "new", code=2)
    return key


def every_256(w):
    """A run that writes more than 256 entries is signed before its end; and its tiles have two levels."""
    steps = "".join("  - {name: Check %d, check: {command: [\"true\"], on_host: here}}\n" % i for i in range(140))
    (w.workspace / "drills/long.yaml").write_text("drill: long\nowner: ana\ntargets: {here: here}\nsteps:\n" + steps)
    run = w.run("long")
    sizes = [e["data"]["size"] for e in w.entries("workspace")
             if e["action"] == "checkpoint" and e["data"]["log"] == "run/" + run]
    total = len(w.entries("run/" + run))
    need(len(sizes) >= 2 and 256 <= sizes[0] < total == sizes[-1], "signed at %s of %d" % (sizes, total))
    code, found, _ = w.verify(run)
    need(code == 0 and found["logs"][1]["entries"] == total, "the long run: %s" % found)


def export(w, key):
    out = w.folder / "export"
    w.muster("audit", "export", out)
    proven(["export", out, "--key", key], "the export")
    kept = w.folder / "kept"
    kept.write_text((out / "workspace/checkpoint").read_text())
    before = w.folder / "before"
    shutil.copytree(out, before)
    w.muster("audit", "export", out)
    need(same_tree(before, out), "the same record was exported twice, and is not the same")
    w.run()
    w.muster("audit", "export", out)
    proven(["export", out, "--key", key, "--checkpoint", kept], "the export that grew")
    need(not list(w.folder.glob("export.new*")), "something was left beside the export")
    foreign = w.folder / "foreign"
    foreign.mkdir()
    (foreign / "mine").write_text("x")
    w.muster("audit", "export", foreign, code=1)
    need((foreign / "mine").exists(), "a folder of somebody else's was written to")
    w.muster("audit", "export", out, "--format", "csv", code=1)
    code, found, _ = w.verify("--checkpoint", kept)
    need(code == 0 and found["witnessed"] is False, "the last run came after what was kept: %s" % found)
    need([log["witnessed"] for log in found["logs"]] == [True, True, True, True, False], "who is witnessed: %s" % found)
    return out, kept


def lines(w):
    jsonl, table, syslog = (w.folder / name for name in ("jsonl", "csv", "syslog"))
    for folder in (jsonl, table, syslog):
        w.muster("audit", "export", folder, "--format", folder.name)
        w.muster("audit", "export", folder, "--format", folder.name)
    entries = (jsonl / "workspace.jsonl").read_bytes().splitlines()
    previous = "0" * 64
    for entry in entries:
        need(json.loads(entry)["prev"] == previous, "the JSON lines are not what is hashed")
        previous = hashlib.sha256(b"\0" + entry).hexdigest()
    with open(table / "workspace.csv", newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    need(len(rows) == len(entries) and rows[-1]["leaf"] == previous, "the table is not the log")
    need(all(not cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values()), "a formula")
    with open(syslog / "workspace.log", "rb") as f:
        for line, entry in zip(f.read().splitlines(), entries):
            need(line.startswith(b"<109>1 20") and line.endswith(b"] " + entry), "syslog: %r" % line[:200])


def proofs(w, key, kept):
    run = w.entries("workspace")[-2]["data"]["log"][4:]
    entry = w.folder / "entry"
    proof = w.folder / "proof"
    raw = w.muster("audit", "log", run, "--json").splitlines()
    for seq in (0, len(raw) // 2, len(raw) - 1):
        entry.write_text(raw[seq])
        proof.write_text(w.muster("audit", "proof", run, seq))
        proven(["proof", proof, entry, "--key", key], "entry %d" % seq)
        entry.write_text(raw[seq].replace("small", "large"))
        proven(["proof", proof, entry, "--key", key], "an edited entry", 1)
    w.muster("audit", "proof", run, len(raw), code=1)
    proof.write_text(w.muster("audit", "consistency", kept))
    proven(["consistency", proof, kept, "--key", key], "consistency")
    text = proof.read_text().splitlines()
    text[1] = text[2]
    proof.write_text("\n".join(text) + "\n")
    proven(["consistency", proof, kept, "--key", key], "a spoilt proof", 1)


def rotation(w, key, kept):
    first = w.folder / "first.pub"
    first.write_text(key + "\n")
    # Whoever was killed while they made a key left these; neither is in the way.
    for name in ("audit.key.next", "audit.key.next.new"):
        (w.record() / name).touch(0o600)
    rotated = w.muster("audit", "key", "rotate")
    second = w.muster("audit", "key", "show").strip()
    need(rotated == second + "\n", "more than the key is on stdout: " + rotated)
    need(second != key and not (w.record() / "audit.key.next").exists(), "the key was not changed")
    w.run()
    for k in (key, second):
        (w.folder / "k").write_text(k)
        code, found, err = w.verify("--key", w.folder / "k")
        need(code == 0 and found["signed"], "verify --key: %s %s" % (found, err))
    need(len(w.muster("audit", "key", "show", "--history").splitlines()) == 2, "two keys have signed")
    out = w.folder / "rotated"
    w.muster("audit", "export", out)
    proven(["export", out, "--key", first, "--checkpoint", kept], "by the first key")
    unsigned_run(w)
    killed(w)
    # The key is lost: a new one that nobody vouches for, and everybody is told.
    os.remove(w.record() / "audit.key")
    lost = w.run_text()
    need("is not signed" in lost, "a run without its key does not say so: " + lost)
    w.muster("audit", "key", "new")
    code, found, _ = w.verify()
    need(code == 1 and found["logs"][0]["findings"][0]["damage"] == "wrong key", "a replaced key: %s" % found)


def unsigned_run(w):
    """A run without the key is not signed; a change of keys signs it, and verify says that."""
    os.rename(w.record() / "audit.key", w.folder / "away.key")
    w.run()
    os.rename(w.folder / "away.key", w.record() / "audit.key")
    text = w.muster("audit", "verify")
    need("Not all of it is signed: `muster audit key rotate`" in text and "key new" not in text, "the advice: " + text)
    w.muster("audit", "key", "new", code=2)
    w.muster("audit", "key", "rotate")
    text = w.muster("audit", "verify")
    need("Not all of it is signed" not in text and "NOT SIGNED" not in text, "a change of keys does not sign all: " + text)


def killed(w):
    """kill -9 at each step of making the next key: the same command again changes it."""
    if not shutil.which("strace"):
        return print("strace is not there: nobody is killed")
    for step in ("write", "openat", "fsync", "rename", "unlink"):
        kills = 0
        while killed_at(w, step, kills + 1):
            kills += 1
        need(kills > 0, "nobody was killed at %s" % step)


def killed_at(w, step, count):
    """Whether it came to that step so many times."""
    was, state = w.state, w.copy("killed")
    w.use(state)
    next_key = w.record() / "audit.key.next"
    done = call(["strace", "-f", "-qq", "-o", "/dev/null", "-P", next_key, "-P", str(next_key) + ".new",
                 "-e", "inject=%s:signal=SIGKILL:when=%d" % (step, count), MUSTER, "-C", w.workspace, "audit", "key", "rotate"],
                env={**os.environ, "MUSTER_STATE": str(state)})
    dead = done.returncode in (-9, 137)
    need(dead or done.returncode == 0, "strace: " + done.stderr)
    if dead:
        w.muster("audit", "key", "rotate")
    need(w.verify()[0] == 0 and not next_key.exists(), "killed at %s %d, and rotated: %s" % (step, count, w.verify()))
    w.use(was)
    shutil.rmtree(state)
    return dead


def rotated_over_changes(w):
    """The key vouches for no record that it did not sign: somebody changed it, and waits for a change of keys."""
    attacker = Attacker(w.record())
    entries = attacker.entries("workspace")
    attacker.put("workspace", sealed(entries[:2] + [edited(entries[2])] + entries[3:]))
    attacker.done()
    before = len(w.entries("workspace"))
    done = w.try_muster("audit", "key", "rotate")
    need(done.returncode == 1 and len(w.entries("workspace")) == before, "rotated over changes: " + done.stdout + done.stderr)


def missing_files(w):
    for option in ("--key", "--checkpoint"):
        done = w.try_muster("audit", "verify", option, w.folder / "nowhere")
        need(done.returncode == 2 and "nowhere is not there" in done.stderr, "%s of no file: %s" % (option, done.stderr))


def old_copy(w, kept_state):
    """A copy of the store from earlier is whole; a checkpoint that was kept since shows what it lacks."""
    kept = w.folder / "newest"
    kept.write_text(w.checkpoint("workspace"))
    now = w.state
    w.use(kept_state)
    code, _, _ = w.verify()
    need(code == 0, "the old copy is whole in itself")
    code, found, _ = w.verify("--checkpoint", kept)
    need(code == 1 and found["logs"][0]["findings"][0]["damage"] == "truncated", "the old copy: %s" % found)
    w.use(now)


def fork_shows_in_export(w, out):
    """An export is a witness too: a record that no longer begins with it is not exported over it."""
    attacker = Attacker(w.record())
    entries = attacker.entries("workspace")
    attacker.put("workspace", entries[:-3])
    attacker.done()
    done = w.try_muster("audit", "export", out)
    need(done.returncode == 1 and "earlier" in done.stderr, "exported over another history: " + done.stdout)


def main():
    w = World()
    try:
        key = keys_and_verify(w)
        every_256(w)
        old = w.copy("old-state")
        out, kept = export(w, key)
        lines(w)
        proofs(w, key, kept)
        missing_files(w)
        old_copy(w, old)
        fork = w.copy("forked")
        was = w.state
        w.use(fork)
        rotated_over_changes(w)
        w.use(was)
        shutil.rmtree(fork)
        w.use(w.copy("forked"))
        fork_shows_in_export(w, out)
        w.use(was)
        rotation(w, key, kept)
        print("the trail is signed, exported and proven by a stranger")
    finally:
        w.close()


main()

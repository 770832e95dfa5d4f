"""Where there is no record: nothing says that it is whole, and looking makes none."""
import shutil

from world import World, call, fail


def need(holds, what):
    if not holds:
        fail(what)


def nothing_made(w, what):
    need(not w.state.exists() or not list(w.state.rglob("*")), "%s made %s" % (what, list(w.state.rglob("*"))))


def judged(w, key):
    """Whoever asks for proof is told that there is nothing to prove, and where it was looked for."""
    for words in (["audit", "verify"], ["audit", "verify", "--key", key], ["audit", "verify", "--json"],
                  ["audit", "export", w.folder / "x"], ["audit", "proof", "workspace", "0"], ["audit", "key", "show"],
                  ["audit", "log"], ["show"], ["report"]):
        done = w.try_muster(*words)
        said = "there is no record of this workspace in %s" % w.state
        need(done.returncode in (1, 2) and not done.stdout and said in done.stderr and "MUSTER_STATE" in done.stderr,
             "%s: exit %d, %s%s" % (words, done.returncode, done.stdout, done.stderr))
        nothing_made(w, words)
    need(w.try_muster("audit", "verify").returncode == 2, "verify: not the exit code of a wrong command line")
    need(not (w.folder / "x").exists(), "an export of nothing")


def looked_at(w):
    """An empty list is a good answer to a question for a list."""
    for words, code, said in ((["runs"], 0, "No drill was run in this workspace yet"), (["coverage"], 0, "never"),
                              (["history", "small"], 2, "was never run here"), (["compliance"], 0, "never"),
                              (["metrics"], 0, "muster_"), (["check"], 0, ""), (["schedule", "list"], 0, ""),
                              (["notify", "list"], 0, ""), (["approve", "--list"], 0, "")):
        done = w.try_muster(*words)
        need(done.returncode == code and said in done.stdout + done.stderr,
             "%s: exit %d, %s%s" % (words, done.returncode, done.stdout, done.stderr))
        nothing_made(w, words)


def empty(w):
    """A store in which nothing is recorded is no record either, whoever made it, and however it became so."""
    w.use(w.folder / "empty")
    w.try_muster("recover")
    store = w.record() / "store.db"
    for what in ("a new store", "a store of 0 bytes"):
        for words in (["audit", "verify"], ["audit", "verify", "--json"], ["audit", "export", w.folder / "x"]):
            done = w.try_muster(*words)
            need(done.returncode in (1, 2) and not done.stdout and "there is no record of this workspace in" in done.stderr
                 and "the store there is empty" in done.stderr,
                 "%s, %s: exit %d, %s%s" % (what, words, done.returncode, done.stdout, done.stderr))
        need(w.try_muster("audit", "verify").returncode == 2, "verify: not the exit code of a wrong command line")
        need(not (w.folder / "x").exists(), "an export of nothing")
        for part in ("store.db-wal", "store.db-shm"):
            (store.parent / part).unlink(missing_ok=True)
        store.write_bytes(b"")


def read_only(w):
    """An auditor's medium."""
    folder = w.copy("medium")
    if (call(["mount", "--bind", folder, folder]).returncode or
            call(["mount", "-o", "remount,ro,bind", folder]).returncode):
        print("SKIPPED: a read-only mount cannot be made here")
        return
    was = w.state
    try:
        w.use(folder)
        done = w.try_muster("audit", "verify")
        need(done.returncode in (1, 2) and "read-only" in done.stderr and "cp -a" in done.stderr,
             "on a read-only mount: exit %d, %s%s" % (done.returncode, done.stdout, done.stderr))
        copy = w.folder / "copied"
        copy.mkdir()
        call(["cp", "-a", str(w.record()), "%s/" % copy])
        w.use(copy)
        w.muster("audit", "verify")
    finally:
        call(["umount", folder])
        w.use(was)


def main():
    w = World()
    try:
        w.use(w.folder / "nowhere")
        key = w.folder / "key.pub"
        key.write_text("x\n")
        judged(w, key)
        looked_at(w)
        empty(w)
        w.use(w.folder / "somewhere")
        w.run()
        w.muster("audit", "verify")
        key.write_text(w.muster("audit", "key", "show"))
        read_only(w)
        # Somebody removes it: the next look, by a timer perhaps, must not put a whole one in its place.
        for part in (w.record() / "store.db", w.record()):
            shutil.rmtree(part) if part.is_dir() else part.unlink()
            w.try_muster("metrics")
            done = w.try_muster("audit", "verify", "--key", key)
            need(done.returncode and "there is no record" in done.stderr and "INTACT" not in done.stdout,
                 "%s is gone: exit %d, %s%s" % (part, done.returncode, done.stdout, done.stderr))
        print("where there is no record, nothing says that it is whole")
    finally:
        w.close()


main()

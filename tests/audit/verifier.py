"""What docs/verify.py must not call proven: an export that was changed, a record that was changed and then signed by its
own key, proofs of nothing. The key is the real one throughout: whoever edits a store gets it signed by the next drill."""
import base64
import json
import shutil

from matrix_tools import call_bytes, sign
from world import Attacker, World, canonical, fail, first_tile, leaf, root, sealed, stranger


def need(holds, what):
    if not holds:
        fail(what)


def expect(what, words, code, *said):
    found, text = stranger(*words)
    need(found == code and all(part in text for part in said), "%s: verify.py says %d, %s" % (what, found, text))
    need("\x1b" not in text and ("NOT PROVEN" in text) == (code == 1), "%s: %r" % (what, text))
    return text


def write_log(folder, entries, note):
    """A log of fewer than 256 entries as tiles."""
    for kind, data in (("0", b"".join(leaf(e) for e in entries)),
                       ("entries", b"".join(len(e).to_bytes(2, "big") + e for e in entries))):
        (folder / "tile" / kind / "000.p").mkdir(parents=True)
        (folder / "tile" / kind / "000.p" / str(len(entries))).write_bytes(data)
    (folder / "checkpoint").write_text(note)


class Case:
    """A record of two runs, its key and its export."""

    def __init__(self, w):
        self.w = w
        self.first, self.second = w.run(), w.run()
        self.key = w.muster("audit", "key", "show").strip()
        self.name = self.key.split("+")[0]
        self.pem = w.record() / "audit.key"
        self.original = w.state
        self.out = w.folder / "export"
        w.muster("audit", "export", self.out)
        attacker = Attacker(w.record())
        self.logs = {log: attacker.entries(log) for log in ("workspace", "run/" + self.first, "run/" + self.second)}
        attacker.db.rollback()
        attacker.db.close()

    def checkpoint(self, log, entries, extension="", name=None):
        """A signed note over these entries of a log."""
        origin = (name or self.name) + ("" if log == "workspace" else "/" + log)
        head = (origin, len(entries), base64.b64encode(root([leaf(e) for e in entries])).decode(), extension)
        return sign(self.pem, ("%s\n%d\n%s\n%s" % head).encode(), origin, self.w.folder)

    def say(self, logs, action, data, **more):
        """One more entry of the workspace's log."""
        like = {k: v for k, v in json.loads(logs["workspace"][-1]).items() if k not in ("run", "drill", "outcome")}
        logs["workspace"] = sealed(logs["workspace"] + [canonical({**like, "action": action, "data": data, **more})])

    def sign(self, logs, log, **how):
        """The entry that says that a log was signed as it is now."""
        entries = logs[log]
        self.say(logs, "checkpoint", {"log": log, "size": len(entries), "root": root([leaf(e) for e in entries]).hex(),
                                      "note": self.checkpoint(log, entries, **how)})

    def signed(self, what, harm, code, *said):
        """`harm` changes the logs, of which each is then signed by the key as it is, and exported."""
        logs = dict(self.logs)
        harm(logs)
        out = self.w.folder / "harmed"
        for log, entries in logs.items():
            write_log(out / log, entries, self.checkpoint(log, entries))
        (out / "muster-export").write_text("tiles of %s\n" % self.name)
        expect(what, ["export", out, "--key", self.key], code, *said)
        shutil.rmtree(out)

    def exported(self, what, harm, code, *said, of=None):
        out = self.w.folder / "spoilt"
        shutil.copytree(of or self.out, out)
        harm(out)
        expect(what, ["export", out, "--key", self.key], code, *said)
        shutil.rmtree(out)


def change(logs, log, action, how, run=None):
    """The last entry of this kind (of this run) is another one, and what comes after it follows from that."""
    entries = logs[log]
    place = max(i for i, e in enumerate(entries) if json.loads(e)["action"] == action and run in (None, json.loads(e).get("run")))
    fields = json.loads(entries[place])
    how(fields)
    logs[log] = sealed(entries[:place] + [canonical(fields)] + entries[place + 1:])


def signed_changes(c):
    """What was changed after it had been signed, and came under a good signature later."""
    seen = "entries are not what the checkpoint in workspace entry"
    log = "run/" + c.second
    failed = lambda f: f.update(outcome="FAIL")
    c.signed("nothing", lambda _: None, 0)
    c.signed("an outcome edited", lambda logs: change(logs, "workspace", "run.closed", failed), 1, c.name + ": its first", seen)
    c.signed("a run edited", lambda logs: change(logs, log, "verdict", failed), 1, log + ": its first", seen)

    def closed_anew(logs):
        change(logs, log, "verdict", failed)
        new = root([leaf(e) for e in logs[log]]).hex()
        change(logs, "workspace", "run.closed", lambda f: f["data"].update(root=new), c.second)
    c.signed("a run edited, and its closing", closed_anew, 1, log + ": its first", seen)

    def unseen(logs):
        """The run's own checkpoints are gone too: its closing still stands there."""
        change(logs, log, "verdict", failed)
        logs["workspace"] = sealed([e for e in logs["workspace"] if json.loads(e)["action"] != "checkpoint"])
    c.signed("a run edited, and no checkpoint left", unseen, 1, log + ": its first", "run.closed in workspace entry")
    c.signed("the end of a run cut off", lambda logs: logs.update({log: logs[log][:-2]}), 1, log, "are here")
    c.signed("entries after the end of a run", lambda logs: logs.update({log: sealed(logs[log] + logs[log][-1:])}), 1,
             "entries were added after it was closed")
    c.signed("a run left out", lambda logs: logs.pop(log), 1, log + ": NOT IN THIS EXPORT")


def stored_checkpoints(c):
    """Each is signed, by the key whose turn it was, for a log of this record."""
    other = c.w.folder / "other.pem"
    call_bytes(["openssl", "genpkey", "-algorithm", "ed25519", "-out", other])
    not_signed = "is not signed by the key whose turn it was"

    def by_another(logs):
        c.pem, own = other, c.pem
        c.sign(logs, "workspace")
        c.pem = own
    c.signed("a checkpoint by another key", by_another, 1, not_signed)
    c.signed("a checkpoint of another record", lambda logs: c.sign(logs, "workspace", name=c.name + "x"), 1, not_signed)
    c.signed("a line more in a checkpoint", lambda logs: c.sign(logs, "workspace", extension="of no meaning here\n"), 0)
    c.signed("a checkpoint of an open run that is not there", lambda logs: c.say(logs, "checkpoint", {
        "log": "run/3", "size": 1, "root": "", "note": c.checkpoint("run/3", logs["workspace"][:1])}), 1,
        "run/3: NOT IN THIS EXPORT (signed with 1 entries)")
    c.signed("an entry before there was a key", lambda logs: logs.update(workspace=sealed(
        [e for e in logs["workspace"] if json.loads(e)["action"] == "checkpoint"] + logs["workspace"])), 1)
    hostile = {"size": 3, "root": "00" * 32, "state": "clean"}
    c.signed("a name that leads elsewhere and steers", lambda logs: c.say(
        logs, "run.closed", hostile, run="../workspace\x1b[2K\nPROVEN"), 1, "NOT IN THIS EXPORT (closed with 3 entries")


def declarations(c):
    """Of a run's removal."""
    log = "run/" + c.first
    entries = c.logs[log]
    data = {"what": "run", "run": c.first, "rule": "keep 2y", "size": len(entries), "root": root([leaf(e) for e in entries]).hex()}
    hold = {"drill": "small", "reason": "a case"}

    def pruned(*before, **other):
        def harm(logs):
            del logs[log]
            for action, said, more in before:
                c.say(logs, action, said, **more)
            c.say(logs, "record.pruned", {**data, **other})
        return harm
    c.signed("removed and declared", pruned(), 0, "run/%s: removed on" % c.first)
    c.signed("declared as another", pruned(size=3), 1, c.first + ": what was removed is not")
    c.signed("removed though held", pruned(("legal_hold.placed", hold, {})), 1, "legal hold")
    c.signed("the drill held and let go", pruned(("legal_hold.placed", hold, {}), ("legal_hold.released", hold, {})), 0)
    c.signed("removed while dirty", pruned(("run.closed", {**data, "state": "dirty"}, {"run": c.first})), 1, "not proven undone")
    other = {**data, "root": "00" * 32}
    c.signed("closed anew, and removed as that", pruned(("run.closed", other, {"run": c.first}), root="00" * 32), 1,
             c.first + ": what was removed is not what the")
    c.signed("its samples removed, and the run with them", pruned(what="samples"), 1, c.first + ": NOT IN THIS EXPORT")

    def unsigned(x):
        """It stands after what is signed."""
        shutil.rmtree(x / log)
        logs = dict(c.logs)
        c.say(logs, "record.pruned", data)
        write_log(c.w.folder / "longer", logs["workspace"], "")
        shutil.copytree(c.w.folder / "longer/tile", x / "workspace/tile", dirs_exist_ok=True)
    c.exported("declared, and nobody signed that", unsigned, 1, log + ": NOT IN THIS EXPORT")


def keys(c):
    """The chain of keys: by the first and by the second one; not by one that nobody signed for."""
    c.w.use(c.w.copy("rotated"))
    c.w.muster("audit", "key", "rotate")
    c.w.run()
    out = c.w.folder / "rotated-export"
    c.w.muster("audit", "export", out)
    for key in (c.key, c.w.muster("audit", "key", "show").strip()):
        expect("after a change of keys", ["export", out, "--key", key], 0)
    c.w.use(c.original)
    for action, note, said in (("key.made", None, "replaces a key without its signature"),
                               ("key.rotated", "", "the old one did not sign"),
                               ("key.rotated", "next key %s\nand more\n" % c.key, "the old one did not sign")):
        def brought(logs, action=action, note=note):
            more = {} if note is None else {"note": c.checkpoint("workspace", logs["workspace"], note)}
            c.say(logs, action, {"key": c.key, **more})
        c.signed("%s with %r" % (action, note), brought, 1, said)


def exports(c):
    """An export that somebody else had in hand."""
    count = len(c.w.entries("run/" + c.second))
    absent = "run/%s: NOT IN THIS EXPORT (closed with %d entries)"
    c.exported("nothing", lambda _: None, 0)
    c.exported("a run left out", lambda x: shutil.rmtree(x / "run" / c.second), 1, absent % (c.second, count))
    c.exported("all runs left out", lambda x: shutil.rmtree(x / "run"), 1, absent % (c.second, count), c.first + ": NOT IN")
    one = c.w.folder / "one"
    c.w.muster("audit", "export", one, "--run", c.first)
    c.exported("an export of one run", lambda _: None, 0, "1 OTHER RUNS ARE NOT IN THIS EXPORT", c.first + " alone", of=one)
    c.exported("that run left out", lambda x: shutil.rmtree(x / "run"), 1, c.first + ": NOT IN THIS EXPORT", of=one)
    c.exported("a run under another name", lambda x: (x / "run" / c.first).rename(x / "run/2\x1b[2K"), 1, "of another log")
    c.exported("a bundle that nobody signed", lambda x: shutil.copy(
        first_tile(x / "workspace", "entries"), x / "workspace/tile/entries/001"), 1, "no part of what was signed")
    c.exported("a file beside", lambda x: (x / "workspace.jsonl").write_text("{}\n"), 1, "no part of what was signed")
    c.exported("a key more", lambda x: (x / "keys").write_text(c.key + "\n" + c.key + "\n"), 1, "lists other keys")

    def renamed(x):
        persons = json.loads((x / "persons.json").read_text())
        need(persons["persons"], "nobody is named")
        for person in persons["persons"].values():
            person["value"] = "unix:mallory"
        (x / "persons.json").write_text(json.dumps(persons))
    c.exported("somebody else named", renamed, 1, "is somebody else")
    c.exported("nobody named", lambda x: (x / "persons.json").unlink(), 0)

    def twice(x):
        note = (x / "workspace/checkpoint").read_text()
        (x / "workspace/checkpoint").write_text(note + note.splitlines()[-1] + "\n")
    c.exported("a signature there twice", twice, 0)
    c.exported("no signature", lambda x: (x / "workspace/checkpoint").write_text(
        (x / "workspace/checkpoint").read_text().partition("\u2014")[0]), 1, "not signed by its key")


def proofs(c):
    """Of no entry, of a log that shrank, of another record."""
    entry, proof, old, new = (c.w.folder / n for n in ("entry", "proof", "old", "new"))
    entry.write_text(c.w.muster("audit", "log", "workspace", "--json").splitlines()[0])
    good = c.w.muster("audit", "proof", "workspace", 0)
    words = ["proof", proof, entry, "--key", c.key]
    proof.write_text(good)
    expect("a proof", words, 0)
    expect("a proof, and a checkpoint that it is not held against", [*words, "--checkpoint", c.out / "workspace/checkpoint"], 2)
    expect("two exports", ["export", c.out, c.out, "--key", c.key], 2)
    for index in (-7, -1, 10**6):
        proof.write_text(good.replace("index 0", "index %d" % index))
        expect("a proof of entry %d" % index, words, 1, "of no entry")
    one = canonical({"a": "log of one entry"})
    entry.write_bytes(one)
    text = "%sx\n1\n%s\n" % (c.name, base64.b64encode(leaf(one)).decode())
    proof.write_text("c2sp.org/tlog-proof@v1\nindex 0\n\n" + sign(c.pem, text.encode(), c.name + "x", c.w.folder))
    expect("a proof of another record", words, 1, "not signed by this key")
    entries = [canonical({"n": i}) for i in range(10)]
    same = base64.b64encode(leaf(one)).decode()  # the root, whatever the size
    for size, later in ((10, 5), (0, 5), (10, 0)):
        notes = [sign(c.pem, ("%s\n%d\n%s\n" % (c.name, n, same)).encode(), c.name, c.w.folder) for n in (size, later)]
        old.write_text(notes[0])
        new.write_text("old %d\n\n%s" % (size, notes[1]))
        expect("%d entries became %d" % (size, later), ["consistency", new, old, "--key", c.key], 1, "it cannot begin with")
    new.write_text("old 10\n\n" + c.checkpoint("workspace", entries))
    old.write_text(c.checkpoint("workspace", entries))
    expect("the same log", ["consistency", new, old, "--key", c.key], 0)


def main():
    w = World()
    try:
        c = Case(w)
        for rows in (exports, signed_changes, stored_checkpoints, declarations, keys, proofs):
            rows(c)
        print("verify.py calls nothing proven that is not")
    finally:
        w.close()


if __name__ == "__main__":
    main()

"""The tamper matrix: each way to change the record, by somebody who can write its files, and what finds it.

Three readers: one has nothing but the store, one the public key, one a checkpoint that somebody else kept. The rows say
what each must find; a row that comes out otherwise fails the test, whichever way. Prints the table of docs/audit.md.
"""
import base64
import json
import shutil
import sys

from matrix_tools import call_bytes, edit_and_sign, edited, sign, verifier_key
from world import Attacker, World, canonical, fail, first_tile, leaf, root, sealed, stranger


class Matrix:
    def __init__(self):
        self.w = World()
        self.first = self.w.run()
        self.old = self.w.copy("old")
        self.run = "run/" + self.w.run()
        self.original = self.w.state
        self.key = self.w.folder / "key.pub"
        self.key.write_text(self.w.muster("audit", "key", "show"))
        self.kept = self.w.folder / "kept"
        self.kept.write_text(self.w.checkpoint("workspace"))
        self.rows = []
        self.wrong = 0

    def say(self, what, found, expected):
        self.rows.append((what, found))
        if found != expected:
            self.wrong += 1
            print("WRONG: %s: %s, expected %s" % (what, found, expected))

    def store(self, what, harm, expected):
        """`harm` on a copy; what the three readers' `audit verify` names."""
        state = self.w.copy("tampered")
        self.w.use(state)
        attacker = Attacker(self.w.record())
        harm(attacker)
        attacker.done()
        self.judge(what, expected)
        shutil.rmtree(state)

    def judge(self, what, expected):
        found = tuple(self.named(words) for words in ([], ["--key", self.key], ["--checkpoint", self.kept]))
        self.w.use(self.original)
        self.say(what, found, expected)

    def named(self, words):
        code, verification, err = self.w.verify(*words)
        if not verification:
            return "another record" if "is a checkpoint of" in err else "refused"
        findings = [f["damage"] for log in verification["logs"] for f in log["findings"]]
        if (code == 1) != bool(findings):
            fail("exit %d with findings %s" % (code, findings))
        return ", ".join(sorted(set(findings))) or ("-" if verification["signed"] else "(said: not signed)")


def of_log(change, seal=False):
    """An attack on the second run's log: its entries changed, perhaps with the chain made whole again."""
    def harm(attacker):
        entries = change(attacker.entries(matrix.run))
        attacker.put(matrix.run, sealed(entries) if seal else entries)
    return harm


def at(i, entries, new):
    return entries[:i] + new + entries[i + 1:]


def store_rows(m):
    both = "edited, forked"
    m.store("an entry edited", of_log(lambda e: at(5, e, [edited(e[5])])), (both,) * 3)
    m.store("an entry edited, the chain made anew", of_log(lambda e: at(5, e, [edited(e[5])]), True), ("forked",) * 3)
    m.store("an entry deleted", of_log(lambda e: at(5, e, [])), ("missing, truncated",) * 3)
    m.store("an entry deleted, the chain made anew", of_log(lambda e: at(5, e, []), True), ("truncated",) * 3)
    m.store("an entry inserted, the chain made anew", of_log(lambda e: e[:5] + [edited(e[5])] + e[5:], True), ("extra, forked",) * 3)
    m.store("two entries swapped", of_log(lambda e: e[:5] + [e[6], e[5]] + e[7:]), ("forked, out of order",) * 3)
    m.store("the end of a run cut off", of_log(lambda e: e[:-2]), ("truncated",) * 3)
    m.store("an entry added after the end", of_log(lambda e: e + [edited(e[-1])], True), ("extra",) * 3)


def removed(attacker):
    """The entries of a run, and nothing said."""
    attacker.put(matrix.run, [])


def removed_as_declared(attacker):
    """The same, and an entry that says so, as `muster audit retain` writes it."""
    entries = attacker.entries(matrix.run)
    workspace = attacker.entries("workspace")
    said = json.loads(workspace[-1])
    said["action"] = "record.pruned"
    said["data"] = {"what": "run", "run": matrix.run[4:], "rule": "keep 6y", "size": len(entries),
                    "root": root([leaf(e) for e in entries]).hex(), "blobs": 0}
    attacker.put("workspace", sealed(workspace + [canonical(said)]))
    attacker.db.execute("DELETE FROM entries WHERE log = ?", (matrix.run,))


def without_blobs(attacker):
    attacker.db.execute("DROP TRIGGER IF EXISTS blobs_stay")
    attacker.db.execute("DELETE FROM blobs")


def retention_rows(m):
    m.store("a run removed, undeclared", removed, ("truncated",) * 3)
    m.w.muster("audit", "hold", "small", "--reason", "a case")
    m.store("a run removed and declared, though a legal hold kept it", removed_as_declared, ("wrongly removed",) * 3)
    m.w.muster("audit", "release", "small", "--reason", "the case is closed")
    m.store("a run removed and declared, and nobody signed that", removed_as_declared, ("wrongly removed",) * 3)
    m.store("plans, scripts and samples removed", without_blobs, ("evidence lost",) * 3)


def forgotten(attacker):
    attacker.db.execute("DELETE FROM rows WHERE key LIKE 'person/%'")


def renamed(attacker):
    """Salt and commitment stay; somebody else is named."""
    attacker.db.execute("UPDATE rows SET value = CAST(replace(CAST(value AS TEXT), 'unix:', 'unix:un') AS BLOB)"
                        " WHERE key LIKE 'person/%'")


def person_rows(m):
    m.store("the names of people removed, undeclared", forgotten, ("person missing",) * 3)
    m.store("the name of a person changed", renamed, ("person altered",) * 3)


def without_signatures(attacker):
    kept = [e for e in attacker.entries("workspace") if json.loads(e)["action"] not in ("checkpoint", "key.made")]
    attacker.put("workspace", sealed(kept))


def anew(pem, key_text=None):
    return lambda a: edit_and_sign(a, matrix.run, pem or a.record / "audit.key", matrix.w.folder, key_text)


def handed_over(pem, name):
    """Signed with another key, which names the real one as the next: nobody needs that one's private half for it."""
    def harm(attacker):
        anew(pem, verifier_key(pem, name))(attacker)
        workspace = attacker.entries("workspace")
        victim = matrix.key.read_text().strip()
        text = "%s\n%d\n%s\nnext key %s\n" % (
            name, len(workspace), base64.b64encode(root([leaf(e) for e in workspace])).decode(), victim)
        last = json.loads(workspace[-1])
        last["action"], last["data"] = "key.rotated", {"key": victim, "note": sign(pem, text.encode(), name, matrix.w.folder)}
        attacker.put("workspace", sealed(workspace + [canonical(last)]))
    return harm


def whole_record_rows(m):
    other = m.w.folder / "other.pem"
    call_bytes(["openssl", "genpkey", "-algorithm", "ed25519", "-out", other])
    name = m.key.read_text().split("+")[0]
    m.store("all signatures taken out, the chain made anew", without_signatures, ("(said: not signed)", "wrong key", "another record"))
    m.store("written anew and signed with another key", anew(other, verifier_key(other, name)),
            ("-", "wrong key", "forked, wrong key"))
    m.store("written anew and signed with another key, which hands over to yours", handed_over(other, name),
            ("-", "wrong key", "forked"))
    m.store("written anew and signed by the operator, with the key", anew(None), ("-", "-", "forked"))
    m.w.use(m.w.folder / "old")
    m.judge("the whole store rolled back to an older copy", ("-", "-", "truncated"))
    fork = shutil.copytree(m.old, m.w.folder / "fork")
    m.w.use(fork)
    m.w.run()
    m.judge("rolled back, and drills run anew from there (a fork)", ("-", "-", "forked"))


def spoil_bundle(folder):
    bundle = first_tile(folder, "entries")
    data = bundle.read_bytes()
    at_byte = data.index(b"person:")
    bundle.write_bytes(data[:at_byte] + b"Person:" + data[at_byte + 7:])


def collude(folder):
    """Bundle and tile agree with one another; only the signed root does not."""
    spoil_bundle(folder)
    data, leaves, pos = first_tile(folder, "entries").read_bytes(), [], 0
    while pos < len(data):
        length = int.from_bytes(data[pos:pos + 2], "big")
        leaves.append(leaf(data[pos + 2:pos + 2 + length]))
        pos += 2 + length
    first_tile(folder, "0").write_bytes(b"".join(leaves))


def export_rows(m):
    """Of an export the reader is docs/verify.py (and the Go program); alone and with the key are one for it."""
    def one(what, harm, expected, kept_expected):
        out = m.w.folder / "export"
        m.w.muster("audit", "export", out)
        harm(out / m.run)
        harm_said = tuple("found" if stranger("export", out, "--key", m.key, *more)[0] else "-"
                          for more in ([], ["--checkpoint", m.kept]))
        m.say(what, ("(needs a key)",) + harm_said, ("(needs a key)", expected, kept_expected))
        shutil.rmtree(out)

    one("an export: nothing", lambda _: None, "-", "-")
    one("an export: an entry bundle edited", spoil_bundle, "found", "found")
    one("an export: bundle and tile edited alike", collude, "found", "found")
    one("an export: a tile removed", lambda f: first_tile(f, "0").unlink(), "found", "found")


def print_table(rows):
    print("| what was done | the store alone | with the public key | with a kept checkpoint |")
    print("|---|---|---|---|")
    for what, found in rows:
        print("| %s | %s |" % (what, " | ".join("**not found**" if f == "-" and "nothing" not in what else f for f in found)))


matrix = Matrix()
try:
    store_rows(matrix)
    whole_record_rows(matrix)
    export_rows(matrix)
    retention_rows(matrix)
    person_rows(matrix)
    print_table(matrix.rows)
finally:
    matrix.w.close()
sys.exit(1 if matrix.wrong else 0)

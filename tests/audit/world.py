"""A workspace on this machine alone, and its record as an attacker would touch it: shared by the audit tests."""
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

MUSTER = os.environ["MUSTER"]
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"

HOSTS = "all: {hosts: {here: {muster_connection: local, muster_environment: lab}}}\n"
DRILL = """drill: small
owner: ana
targets: {here: here}
steps:
  - {name: A command, run: [echo, hello], target: here, undo: ["true"]}
  - {name: The machine answers, check: {command: ["true"], on_host: here}}
"""


def fail(what):
    sys.exit("FAILED: %s" % what)


def call(argv, **how):
    return subprocess.run(argv, capture_output=True, text=True, check=False, **how)


class World:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-audit-"))
        self.workspace = self.folder / "w"
        self.use(self.folder / "state")
        for name in ("inventory", "drills", "playbooks"):
            (self.workspace / name).mkdir(parents=True)
        (self.workspace / "inventory/hosts.yaml").write_text(HOSTS)
        user = call(["id", "-un"]).stdout.strip()
        (self.workspace / "inventory/people.yaml").write_text("people: {ana: {name: Ana, unix: %s}}\n" % user)
        (self.workspace / "drills/small.yaml").write_text(DRILL)

    def use(self, state):
        self.state = pathlib.Path(state)

    def close(self):
        shutil.rmtree(self.folder)

    def try_muster(self, *words):
        return call([MUSTER, "-C", str(self.workspace), *map(str, words)],
                    env={**os.environ, "MUSTER_STATE": str(self.state)})

    def muster(self, *words, code=0):
        done = self.try_muster(*words)
        if done.returncode != code:
            fail("muster %s: exit %d, not %d\n%s%s" % (words, done.returncode, code, done.stdout, done.stderr))
        return done.stdout

    def run_text(self, drill="small"):
        return self.muster("run", drill, "--no-input")

    def run(self, drill="small"):
        """Runs the drill; its id."""
        out = self.run_text(drill)
        return next(line.split()[1] for line in out.splitlines() if line.startswith("RUN "))

    def record(self):
        """The one folder that holds store and key."""
        return next(p.parent for p in self.state.rglob("store.db"))

    def copy(self, name):
        """A copy of the state, with the record folder's name kept (it is derived from the workspace's path)."""
        target = self.folder / name
        shutil.copytree(self.state, target, ignore=shutil.ignore_patterns("*.sock"))
        return target

    def verify(self, *words):
        """Exit code and the JSON of `audit verify`."""
        done = self.try_muster("audit", "verify", "--json", *words)
        return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr

    def checkpoint(self, log):
        """The newest signed note of a log, as it stands in the workspace's log."""
        notes = [e["data"]["note"] for e in self.entries("workspace")
                 if e["action"] == "checkpoint" and e["data"]["log"] == log]
        return notes[-1]

    def entries(self, log):
        out = self.muster("audit", "log", "workspace" if log == "workspace" else log[4:], "--json")
        return [json.loads(line) for line in out.splitlines()]


def stranger(*words):
    """docs/verify.py: exit code and what it says."""
    done = call([sys.executable, str(DOCS / "verify.py"), *map(str, words)])
    return done.returncode, (done.stdout + done.stderr).strip()


def first_tile(log, kind):
    """The first tile of a log's export, whole or partial; kind: "entries", or a level."""
    return min(p for p in (log / "tile" / kind).rglob("*") if p.is_file())


# What follows is what one needs who wants to change the record unnoticed. None of it is Muster's code.
def canonical(fields):
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


class Attacker:
    """Writes to the store's file past its triggers."""

    def __init__(self, record):
        self.record = record
        self.db = sqlite3.connect(record / "store.db")
        for name in ("entries_stay_as_they_are", "entries_stay"):
            self.db.execute("DROP TRIGGER IF EXISTS %s" % name)

    def entries(self, log):
        return [bytes(row[0]) for row in self.db.execute("SELECT entry FROM entries WHERE log = ? ORDER BY seq", (log,))]

    def put(self, log, entries):
        self.db.execute("DELETE FROM entries WHERE log = ?", (log,))
        self.db.executemany("INSERT INTO entries VALUES (?, ?, ?)", [(log, i, e) for i, e in enumerate(entries)])
        last = leaf(entries[-1]) if entries else bytes(32)
        self.db.execute("UPDATE logs SET size = ?, last = ? WHERE log = ?", (len(entries), last, log))

    def done(self):
        self.db.commit()
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()


def sealed(entries):
    """The same entries with seq and prev as a whole chain has them."""
    out, prev = [], "0" * 64
    for seq, entry in enumerate(entries):
        fields = json.loads(entry)
        fields["seq"], fields["prev"] = seq, prev
        out.append(canonical(fields))
        prev = leaf(out[-1]).hex()
    return out

"""Witnesses are told at the end of each run, and asked by `audit verify --witnesses`: a git clone with a remote, a file on
a host, syslog over UDP and TCP; one that hangs, and one that is not there. Targets keep what came with an undo."""
import socket
import threading

from matrix_tools import edit_and_sign
from world import Attacker, World, call, fail

GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost"]


def need(condition, what):
    if not condition:
        fail(what)


def git(*words):
    done = call([*GIT, *map(str, words)])
    need(done.returncode == 0, "git %s: %s" % (words, done.stderr))
    return done.stdout


def clone(w, name):
    """A clone with a first commit, and its bare remote."""
    git("init", "-q", "--bare", "-b", "main", w.folder / (name + ".git"))
    git("clone", "-q", w.folder / (name + ".git"), w.folder / name)
    (w.folder / name / "README").write_text("checkpoints\n")
    git("-C", w.folder / name, "add", "README")
    git("-C", w.folder / name, "commit", "-q", "-m", "begin")
    git("-C", w.folder / name, "push", "-q", "-u", "origin", "HEAD:main")
    return w.folder / name


class Collector:
    """A syslog collector on loopback; what it got."""

    def __init__(self, kind):
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.got = []
        if kind == socket.SOCK_STREAM:
            self.socket.listen()
        threading.Thread(target=self.take, args=(kind,), daemon=True).start()

    def take(self, kind):
        while True:
            if kind == socket.SOCK_DGRAM:
                self.got.append(self.socket.recv(65536).decode())
                continue
            connection, _ = self.socket.accept()
            with connection:
                self.got.append(b"".join(iter(lambda: connection.recv(4096), b"")).decode())


def told(w):
    return {e["data"]["witness"]: e for e in w.entries("workspace") if e["action"] == "witness.told"}


def main():
    w = World()
    try:
        ledger, slow = clone(w, "ledger"), clone(w, "slow")
        hook = slow / ".git/hooks/pre-commit"
        hook.write_text("#!/bin/sh\nexec sleep 60\n")
        hook.chmod(0o755)
        (w.folder / "kept").mkdir()
        udp, tcp = Collector(socket.SOCK_DGRAM), Collector(socket.SOCK_STREAM)
        definition = """witnesses:
  ledger: {git: %s, kept_by: the auditors}
  vault: {host: here, path: %s/kept/checkpoints}
  siem: {syslog: "udp://127.0.0.1:%d"}
  siem-tcp: {syslog: "tcp://127.0.0.1:%d"}
  slow: {git: %s, within: 1s}
  gone: {host: here, path: %s/nowhere/checkpoints}
""" % (ledger, w.folder, udp.port, tcp.port, slow, w.folder)
        (w.workspace / "inventory/witnesses.yaml").write_text(definition)
        w.muster("check")
        out = w.run_text()
        need("Witness ledger has the checkpoint" in out and "the witness slow was not told" in out, out)
        entries = told(w)
        need({n: e["outcome"] for n, e in entries.items()} ==
             {"ledger": "ok", "vault": "ok", "siem": "ok", "siem-tcp": "ok", "slow": "failed", "gone": "failed"},
             "who was told: %s" % entries)
        need("in time" in entries["slow"]["data"]["why"], "why slow was not told: %s" % entries["slow"])
        need("is not there" in entries["gone"]["data"]["why"], "why gone was not told: %s" % entries["gone"])
        note = w.checkpoint("workspace")
        file = git("-C", ledger, "ls-tree", "--name-only", "origin/main").split()[-1]
        need(git("-C", w.folder / "ledger.git", "show", "main:" + file) == note, "the remote has another checkpoint")
        for collector in (udp, tcp):
            need(any(" checkpoint " in line and "muster" in line for line in collector.got), "syslog got %s" % collector.got)
        second = w.run_text()
        need("WARNING: the record" not in second, second)
        code, found, err = w.verify("--witnesses")
        heard = {h["witness"]: h for h in found["witnesses"]}
        need(code == 0 and found["witnessed"], "verify --witnesses: %s %s" % (found, err))
        need(heard["ledger"]["checkpoints"] == 2 and not heard["ledger"]["weak"], "the ledger: %s" % heard)
        need(heard["vault"]["checkpoints"] == 2 and heard["vault"]["weak"], "the vault: %s" % heard)
        need(not heard["siem"]["heard"] and not heard["gone"]["heard"], "who cannot be heard: %s" % heard)
        targets(w)
        tampered(w)
        untold(w, ledger)
        # Without the one who is named as its keeper, nothing is proven, however many agree.
        (w.workspace / "inventory/witnesses.yaml").write_text(definition.replace(", kept_by: the auditors", ""))
        code, found, _ = w.verify("--witnesses")
        need(code == 3 and not found["witnessed"] and found["intact"], "weak witnesses alone: %d" % code)
        print("witnesses are told, asked, and believed no more than they deserve")
    finally:
        w.close()


def targets(w):
    """The host of the drill was given a checkpoint with each undo; alone it proves nothing."""
    code, found, err = w.verify("--targets", "all")
    heard = found["witnesses"]
    need([h["witness"] for h in heard] == ["here"] and heard[0]["heard"] and heard[0]["weak"], "the target: %s %s" % (heard, err))
    need(heard[0]["checkpoints"] == 2 and code == 0 and not found["witnessed"], "the target: %d %s" % (code, heard))
    claims = [c for c in found["logs"][0]["claims"] if c["by"] == "target here"]
    need(len(claims) == 2 and all(c["agrees"] for c in claims), "the target agrees: %s" % claims)
    w.muster("audit", "verify", "--targets", "nobody", code=2)


def untold(w, ledger):
    """A run that no good witness was told of, and a note in the ledger that is none."""
    away = ledger.rename(w.folder / "away")
    w.run()
    away.rename(ledger)
    code, found, _ = w.verify("--witnesses")
    need(code == 3 and found["intact"] and not found["witnessed"], "nobody vouches for the last run: %d" % code)
    need([log["witnessed"] for log in found["logs"]] == [True, True, True, False], "who is witnessed: %s" % found["logs"])
    text = w.muster("audit", "verify", "--witnesses", code=3)
    need("UNWITNESSED in part" in text and "1 of its 4 logs: " + found["logs"][-1]["log"] in text, text)
    file = next(p for p in ledger.iterdir() if p.name.endswith(".checkpoint"))
    file.write_text("garbage\n")
    git("-C", ledger, "commit", "-qam", "not by Muster")
    git("-C", ledger, "push", "-q", "origin", "HEAD:main")
    text = w.muster("audit", "verify", "--witnesses", code=3)
    heard = [line for line in text.splitlines() if " ledger (" in line]
    need(len(heard) == 1 and heard[0].startswith("HEARD ") and ": 2 checkpoints" in heard[0], text)
    need("1 of its notes could not be read: witness ledger: it is no signed note" in text, text)
    w.run()
    code, found, _ = w.verify("--witnesses")
    said = next(h for h in found["witnesses"] if h["witness"] == "ledger")
    need(code == 0 and said["heard"] and said["checkpoints"] == 3 and said["bad_notes"] == 1, "told again: %d %s" % (code, said))


def tampered(w):
    """The operator writes it all anew, with the key: alone it is whole, and each witness disagrees."""
    state, now = w.copy("tampered"), w.state
    w.use(state)
    run = [e for e in w.entries("workspace") if e["action"] == "run.opened"][0]["run"]
    attacker = Attacker(w.record())
    edit_and_sign(attacker, "run/" + run, attacker.record / "audit.key", w.folder)
    attacker.done()
    need(w.verify()[0] == 0, "a record that was written anew is whole in itself")
    code, found, _ = w.verify("--witnesses")
    texts = " ".join(f["text"] for f in found["logs"][0]["findings"])
    need(code == 1 and "witness ledger" in texts and "witness vault" in texts, "who disagrees: %s" % texts)
    # A host knows the store by its place too: the one that was written anew takes it.
    w.use(now)
    untouched = now.rename(w.folder / "untouched")
    state.rename(now)
    code, found, _ = w.verify("--targets", "here")
    texts = " ".join(f["text"] for f in found["logs"][0]["findings"])
    need(code == 1 and "target here" in texts, "the target does not disagree: %s" % texts)
    now.rename(state)
    untouched.rename(now)


main()

"""Somebody changes the store without the key, and waits for the next drill to sign it: nothing is signed on.

What the key signed last stands beside it; the record must begin with that. Then the way out of it.
"""
import json

from matrix_tools import edited
from world import Attacker, World, canonical, fail, leaf, root, sealed


def rewritten(attacker, run, drop):
    """The run edited, and the workspace's log made to fit, without the entries of these kinds."""
    entries = attacker.entries(run)
    attacker.put(run, sealed(entries[:5] + [edited(entries[5])] + entries[6:]))
    out = []
    for entry in attacker.entries("workspace"):
        fields = json.loads(entry)
        if fields["action"] in drop:
            continue
        if fields["action"] == "run.closed":
            leaves = [leaf(e) for e in attacker.entries("run/" + fields["run"])]
            fields["data"].update(size=len(leaves), root=root(leaves).hex())
        out.append(canonical(fields))
    attacker.put("workspace", sealed(out))


def edited_alone(attacker, run, drop):
    """Nothing dropped: the signatures that stand there are the old ones."""
    rewritten(attacker, run, drop)


def cut_off(attacker, run, drop):
    attacker.put("workspace", attacker.entries("workspace")[:-3])


def expect(what, holds):
    if not holds:
        fail(what)


def signed_entries(w):
    return [e for e in w.entries("workspace") if e["action"] == "checkpoint"]


def keys_made(w):
    return len([e for e in w.entries("workspace") if e["action"] == "key.made"])


def attacked(what, harm, drop, said):
    w = World()
    try:
        w.run()
        run = "run/" + w.run()
        key = w.folder / "key.pub"
        key.write_text(w.muster("audit", "key", "show"))
        attacker = Attacker(w.record())
        harm(attacker, run, drop)
        attacker.done()
        before = len(signed_entries(w))
        out = w.try_muster("run", "small", "--no-input")
        expect("%s: the drill does not say why it is not signed: %s" % (what, out.stdout + out.stderr),
               said in out.stdout + out.stderr)
        expect("%s: it was signed" % what, len(signed_entries(w)) == before)
        expect("%s: the key is changed over it" % what, w.try_muster("audit", "key", "rotate").returncode != 0)
        expect("%s: it passes with the key" % what, "key.made" not in drop or w.verify("--key", key)[0] == 1)
        kept = w.record() / "audit.signed"
        if harm is not cut_off and "key.made" not in drop:
            expect("%s: what was signed last finds it" % what, w.verify("--checkpoint", kept)[0] == 1)
        # The way out: another key, for which nobody vouches.
        (w.record() / "audit.key").rename(w.folder / "old.key")
        made = keys_made(w)
        done = w.try_muster("audit", "key", "new")
        expect("%s: a new key, beside what the old one signed last: %s" % (what, done.stdout + done.stderr),
               done.returncode == 1 and "look at it before anything is signed again" in done.stderr
               and keys_made(w) == made)
        expect("%s: a key was made that is refused" % what, not (w.record() / "audit.key").exists())
        kept.rename(w.folder / "old.signed")
        w.muster("audit", "key", "new")
        w.run()
        expect("%s: the new key does not sign" % what, len(signed_entries(w)) > before)
        expect("%s: the old key vouches for the new one" % what, w.verify("--key", key)[0] == 1)
    finally:
        w.close()


attacked("checkpoints dropped", rewritten, ("checkpoint",), "fewer entries")
attacked("a run and what was said of it edited", edited_alone, (), "they were changed")
attacked("all signatures and the key dropped", rewritten, ("checkpoint", "key.made"), "names no key")
attacked("the end cut off", cut_off, (), "fewer entries")

world = World()
try:
    world.run()
    (world.record() / "audit.signed").unlink()
    text = world.run_text()
    expect("the file is lost, and nothing is said: " + text, "is not there" in text)
    # A checkpoint that was kept elsewhere takes its place.
    (world.record() / "audit.signed").write_text(world.checkpoint("workspace"))
    count = len(signed_entries(world))
    world.run()
    expect("with a kept checkpoint it signs again", len(signed_entries(world)) > count)
    expect("and the record is intact", world.verify()[0] == 0)
finally:
    world.close()

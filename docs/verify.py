#!/usr/bin/env python3
"""Verifies what `muster audit export DIR`, `audit proof` and `audit consistency` wrote, without Muster.

  verify.py export DIR --key KEY [--checkpoint FILE]...   all of an export (format tiles)
  verify.py proof FILE ENTRY --key KEY                    ENTRY: a file with the entry's bytes
  verify.py consistency FILE OLD --key KEY                OLD: the earlier checkpoint

KEY: a public key (NAME+HASH+BASE64), or a file with one, from somebody whom you trust; not from DIR.
Needs Python 3.9 and `openssl` 3. It shares no code with Muster; the formats are those of c2sp.org
(tlog-tiles, tlog-checkpoint, signed-note, tlog-proof) and RFC 6962. Exit status: 0 all that is listed is proven,
1 it is not, 2 the command line is wrong. Each signature is a call of openssl: some milliseconds.
"""
import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

READ = set()  # every file that was read: of an export none may be left over
ED25519_DER = bytes.fromhex("302a300506032b6570032100")  # a SubjectPublicKeyInfo up to the 32 bytes of the key


class Unproven(Exception):
    pass


def need(condition, *lines):
    if not condition:
        raise Unproven(*lines)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def levels_of(leaves):
    """Hashes of whole subtrees, level by level: levels[k][i] covers the leaves i * 2^k and on."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return levels


def root_at(levels, size):
    """The root over the first `size` leaves: its whole subtrees, from the right."""
    if size == 0:
        return sha256(b"")
    root, end = None, size
    for k in range(size.bit_length()):
        if size >> k & 1:
            whole = levels[k][(end >> k) - 1]
            root = whole if root is None else node_hash(whole, root)
            end -= 1 << k
    return root


class Key:
    def __init__(self, text):
        self.text = text.strip()
        self.name, keyhash, material = self.text.split("+", 2)
        raw = base64.b64decode(material, validate=True)
        need(len(raw) == 33 and raw[0] == 1, "the key is not Ed25519")
        self.raw = raw[1:]
        need(self.hash_as(self.name).hex() == keyhash, "the key's hash is not its own")

    def hash_as(self, name):
        return sha256(name.encode() + b"\n\x01" + self.raw)[:4]

    def signed(self, text, name, signature):
        if signature[:4] != self.hash_as(name):
            return False
        with tempfile.TemporaryDirectory() as d:
            paths = [os.path.join(d, n) for n in ("key", "text", "signature")]
            for path, data in zip(paths, (ED25519_DER + self.raw, text, signature[4:])):
                with open(path, "wb") as f:
                    f.write(data)
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths[0],
                                   "-rawin", "-in", paths[1], "-sigfile", paths[2]], capture_output=True, check=False)
            return done.returncode == 0


class Checkpoint:
    def __init__(self, note):
        text, _, signatures = note.rpartition(b"\n\n")
        self.text = text + b"\n"
        lines = self.text.decode().split("\n")
        need(len(lines) >= 4, "a checkpoint has three lines or more")
        self.origin, self.size, self.root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
        need(str(self.size) == lines[1] and self.size >= 0 and len(self.root) == 32, "a checkpoint has a size and a root")
        self.extension = lines[3:-1]
        self.signatures = []
        for line in signatures.decode().splitlines():
            dash, name, value = line.split(" ")
            need(dash == "\u2014", "a signature line begins with an em dash")
            self.signatures.append((name, base64.b64decode(value, validate=True)))

    def signed_by(self, key):
        """Under the log's own origin, one of the key's record: a signature for one log is none for another."""
        of_record = self.origin == key.name or self.origin.startswith(key.name + "/run/")
        return of_record and any(n == self.origin and key.signed(self.text, n, s) for n, s in self.signatures)


def read(path):
    READ.add(os.path.normpath(path))
    with open(path, "rb") as f:
        return f.read()


def number(n):
    parts = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        parts.insert(0, "x%03d" % (n % 1000))
    return "/".join(parts)


def read_tile(folder, kind, n, width):
    name = os.path.join(folder, "tile", kind, number(n) + ("" if width == 256 else ".p/%d" % width))
    need(os.path.isfile(name), name + " is missing")
    return read(name)


def widths(count):
    for n in range((count + 255) // 256):
        yield n, min(256, count - 256 * n)


def read_entries(folder, size):
    entries = []
    for n, width in widths(size):
        data, at = read_tile(folder, "entries", n, width), 0
        for _ in range(width):
            need(at + 2 <= len(data), "bundle %d is cut off" % n)
            length = int.from_bytes(data[at:at + 2], "big")
            entries.append(data[at + 2:at + 2 + length])
            at += 2 + length
        need(at == len(data), "bundle %d is longer or shorter than its entries" % n)
    return entries


def check_log(folder):
    """A log's entries, read, and levels, all recomputed from their bytes; the signature is the caller's to check."""
    checkpoint = Checkpoint(read(os.path.join(folder, "checkpoint")))
    entries = read_entries(folder, checkpoint.size)
    levels = levels_of([leaf_hash(e) for e in entries])
    need(root_at(levels, checkpoint.size) == checkpoint.root, folder + ": the entries have another root than the one signed")
    for level in range(8):
        hashes = levels[8 * level] if 8 * level < len(levels) else []
        for n, width in widths(len(hashes)):
            tile = read_tile(folder, str(level), n, width)
            need(tile == b"".join(hashes[256 * n:256 * n + width]), "%s: tile %d/%d is not of these entries" % (folder, level, n))
    entries, previous = [json.loads(entry) for entry in entries], "0" * 64
    for seq, fields in enumerate(entries):
        need(fields["seq"] == seq and fields["prev"] == previous, "%s: entry %d does not follow" % (folder, seq))
        previous = levels[0][seq].hex()
    return checkpoint, entries, levels


def follow_keys(entries, levels, trusted):
    """Every key of the workspace's log, with the entry that brought it; from the trusted one on each is signed for by the
    one before."""
    keys, is_trusted = [], False
    for seq, fields in enumerate(entries):
        if fields["action"] not in ("key.made", "key.rotated"):
            continue
        key = Key(fields["data"]["key"])
        need(key.name == trusted.name, "entry %d brings a key of another record" % seq)
        if is_trusted:
            need(fields["action"] == "key.rotated", "entry %d replaces a key without its signature" % seq)
            note = Checkpoint(fields["data"]["note"].encode())
            good = (note.origin == key.name and note.size == seq and note.extension == ["next key " + fields["data"]["key"]]
                    and note.root == root_at(levels, seq) and note.signed_by(keys[-1][0]))
            need(good, "entry %d changes the key, and the old one did not sign for that" % seq)
        keys.append((key, seq))
        is_trusted = is_trusted or key.raw == trusted.raw
    need(is_trusted, "the key that you trust never signed this record")
    return keys


def read_checkpoints(entries, keys):
    """{(origin, size, root): (entry, key)} of the checkpoints in the workspace's log, signed by the key whose turn it was.
    What was changed after it was signed shows in these: the newest signature may have been made over the change."""
    found = {}
    for seq, fields in enumerate(entries):
        if fields["action"] != "checkpoint":
            continue
        note, key = Checkpoint(fields["data"]["note"].encode()), [key for key, since in keys if since < seq][-1]
        need(note.signed_by(key), "the checkpoint in entry %d is not signed by the key whose turn it was" % seq)
        found[note.origin, note.size, note.root] = seq, key
    return found


def read_runs(entries):
    """What the workspace's log says of the runs: the drill and the closings of each; what was removed since, which must not
    have been under a legal hold or not proven undone, and must have been what was closed."""
    drills, closed, removed, holds = {}, {}, {}, set()
    for seq, fields in enumerate(entries):
        data, action, run = fields.get("data", {}), fields["action"], fields.get("run")
        if action == "run.opened":
            drills.setdefault(run, fields.get("drill"))
        elif action == "run.closed":  # again when it was recovered; without a root when it had no entries
            closed.setdefault(run, []).append({"size": 0, "root": sha256(b"").hex(), **data, "seq": seq})
        elif action == "legal_hold.placed":
            holds.add((data.get("run"), data.get("drill")))
        elif action == "legal_hold.released":
            holds.discard((data.get("run"), data.get("drill")))
        elif action == "record.pruned":
            run = data["run"]
            held = any(of == run or not of and drill == drills.get(run) for of, drill in holds)
            need(not held, run + " was removed though a legal hold kept it")
            end = closed[run][-1] if run in closed else {}
            need((end.get("size"), end.get("root")) == (data["size"], data["root"]),
                 run + ": what was removed is not what the workspace's log closed")
            need(end.get("state") != "dirty", run + " was removed while it was not proven undone")
            if data["what"] == "run":
                removed[run] = "removed on %s under the rule `%s` by %s; it had %d entries, root %s" % (
                    fields["ts"][:10], data["rule"], fields["actor"]["principal"], data["size"], data["root"])
    return drills, closed, removed


def check_run(folder, origin, checkpoints, newest):
    checkpoint, entries, levels = check_log(folder)
    need(checkpoint.origin == origin, folder + ": its checkpoint is of another log")
    _, key = checkpoints.get((origin, checkpoint.size, checkpoint.root), (0, newest))
    need(checkpoint.signed_by(newest) or checkpoint.signed_by(key),
         folder + ": its checkpoint is not of the newest key, nor of the one that signed it in the workspace's log")
    need(all(origin.endswith("/run/" + fields["run"]) for fields in entries), folder + ": it holds an entry of another run")
    return checkpoint, levels


def name_absent(runs, closed, signed, removed):
    """What is to be said of the runs that are not in the export; and of those that should be."""
    lines, missing = [], {}
    for run in sorted(runs):
        size = max(closed[run][-1]["size"] if run in closed else 0, signed.get(run, 0))
        if run in removed:
            lines.append("run/%s: %s" % (run, removed[run]))
        elif size:
            how = ("closed" if run in closed else "signed", size, "" if run in signed else ", and its log never signed")
            missing[run] = "run/%s: NOT IN THIS EXPORT (%s with %d entries%s)" % (run, *how)
        else:
            lines.append("run/%s: not in this export; no entry of it was closed or signed" % run)
    return lines, missing


def check_beside(folder, keys, workspace):
    """What lies beside the logs, and nobody signed: it must fit them, or not be there."""
    path = os.path.join(folder, "keys")
    if os.path.exists(path):
        known = [key.text for key, _ in keys] + [line[9:] for line in workspace.extension if line[:9] == "next key "]
        need(read(path).decode().splitlines() == known, path + " lists other keys than the workspace's log")
    path = os.path.join(folder, "persons.json")
    for commitment, person in json.loads(read(path))["persons"].items() if os.path.exists(path) else ():
        known = sha256(bytes.fromhex(person["salt"]) + person["value"].encode()).hex()
        need(known == commitment, "%s: %s is somebody else" % (path, commitment[:8]))
    for parent, _, names in os.walk(folder):
        for path in (os.path.normpath(os.path.join(parent, name)) for name in names):
            need(path in READ, path + " is no part of what was signed: move it away")


def verify_export(folder, trusted, kept):
    workspace, entries, levels = check_log(os.path.join(folder, "workspace"))
    name, logs = workspace.origin, {workspace.origin: levels}
    need(name == trusted.name, "this is the record %s, and your key is of %s" % (name, trusted.name))
    keys = follow_keys(entries, levels, trusted)
    need(workspace.signed_by(keys[-1][0]), "the workspace's checkpoint is not signed by its key")
    checkpoints, (drills, closed, removed) = read_checkpoints(entries, keys), read_runs(entries)
    said = ["workspace: %d entries, root %s" % (workspace.size, workspace.root.hex())]
    here = sorted(os.listdir(os.path.join(folder, "run"))) if os.path.isdir(os.path.join(folder, "run")) else []
    for run in here:
        origin = name + "/run/" + run
        checkpoint, logs[origin] = check_run(os.path.join(folder, "run", run), origin, checkpoints, keys[-1][0])
        end = closed[run][-1] if run in closed else {"state": "dirty"}  # such a one may be taken up again
        need(end.get("state") == "dirty" or checkpoint.size <= end["size"], run + ": entries were added after it was closed")
        said.append("run/%s: %d entries, root %s" % (run, checkpoint.size, checkpoint.root.hex()))
    # Whoever has seen a log: its checkpoints, what closed it, what was kept elsewhere.
    seen = [(*head, "the checkpoint in workspace entry %d" % seq) for head, (seq, _) in checkpoints.items()]
    seen += [(name + "/run/" + run, end["size"], bytes.fromhex(end["root"]), "run.closed in workspace entry %d" % end["seq"])
             for run in closed for end in closed[run]]
    for path in kept:
        old = Checkpoint(read(path))
        need(old.origin in logs, "%s is of %s, which is not here" % (path, old.origin))
        need(any(old.signed_by(k) for k, _ in keys), path + " is not signed by a key of this record")
        seen.append((old.origin, old.size, old.root, path))
    for origin, size, root, by in seen:
        run = origin[len(name) + 5:]
        if origin in logs:
            count = len(logs[origin][0])
            need(size <= count, "%s: %s has seen %d entries, %d are here" % (origin, by, size, count))
            need(root_at(logs[origin], size) == root, "%s: its first %d entries are not what %s has seen" % (origin, size, by))
        elif run in removed:  # over a part of it nothing can be told any more
            end = (closed[run][-1]["size"], closed[run][-1]["root"])
            need(size < end[0] or (size, root.hex()) == end, "%s: what was removed is not what %s has seen" % (run, by))
    signed = {origin[len(name) + 5:]: size for origin, size, _ in checkpoints if origin != name}
    lines, missing = name_absent({*drills, *closed, *signed} - {*here}, closed, signed, removed)
    only = read(os.path.join(folder, "muster-export")).decode().strip().partition(", run ")[2]  # nobody signed that
    need(not missing or only and only not in missing, "not all of the record is here", *missing.values())
    if missing:
        lines.append("%d OTHER RUNS ARE NOT IN THIS EXPORT: it says of itself that it is of run %s alone" % (len(missing), only))
    check_beside(folder, keys, workspace)
    return said + lines + [path + ": the record begins with what it has seen" for path in kept]


def split_proof(path, first):
    head, _, note = read(path).partition(b"\n\n")
    lines = head.decode().split("\n")
    if first:
        need(lines.pop(0) == first, "this is no " + first)
    word, value = lines.pop(0).split(" ")
    return word, int(value), [base64.b64decode(h, validate=True) for h in lines], Checkpoint(note)


def verify_proof(path, entry, key):
    word, index, hashes, checkpoint = split_proof(path, "c2sp.org/tlog-proof@v1")
    need(word == "index" and 0 <= index < checkpoint.size, "the proof is of no entry")
    need(checkpoint.signed_by(key), "the checkpoint is not signed by this key")
    # Downwards it is known on which side the entry lies; upwards the hashes are used up.
    sides, low, high = [], 0, checkpoint.size
    while high - low > 1:
        split = low + (1 << (high - low - 1).bit_length() - 1)
        sides.append(index < split)
        low, high = (low, split) if index < split else (split, high)
    need(len(hashes) == len(sides), "the proof is too short or too long")
    node = leaf_hash(entry)
    for sibling, is_left in zip(hashes, reversed(sides)):
        node = node_hash(node, sibling) if is_left else node_hash(sibling, node)
    need(node == checkpoint.root, "the proof leads to another root")
    return ["entry %d is in %s (%d entries)" % (index, checkpoint.origin, checkpoint.size)]


def verify_consistency(path, old, key):
    word, size, hashes, new = split_proof(path, None)
    need(word == "old" and size == old.size and old.origin == new.origin, "the proof is not of this checkpoint")
    need(0 < size <= new.size, "the log had %d entries and has %d: it cannot begin with those" % (size, new.size))
    need(new.signed_by(key) and old.signed_by(key), "a checkpoint is not signed by this key")

    def roots(low, high, known):
        """(old, new) root of new leaves low..high, of which the old tree has all up to `size`."""
        if high <= size:
            h = old.root if known else hashes.pop(0)
            return h, h
        split = low + (1 << (high - low - 1).bit_length() - 1)
        if size <= split:
            before, now = roots(low, split, known)
            return before, node_hash(now, hashes.pop(0))
        before, now = roots(split, high, False)
        left = hashes.pop(0)
        return node_hash(left, before), node_hash(left, now)

    try:
        before, now = roots(0, new.size, True)
    except IndexError:
        raise Unproven("the proof is too short") from None
    need(not hashes, "the proof is too long")
    need(before == old.root and now == new.root, "the later log does not begin with the earlier one")
    return ["%s: %d entries begin with the %d of before" % (new.origin, new.size, size)]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["export", "proof", "consistency"])
    p.add_argument("paths", nargs="+")
    p.add_argument("--key", required=True)
    p.add_argument("--checkpoint", action="append", default=[])
    a = p.parse_args()
    if len(a.paths) != (1 if a.what == "export" else 2) or a.checkpoint and a.what != "export":
        p.error("see --help")
    code, end = 0, ("PROVEN for whoever trusts this key, as far as it is listed. What nobody kept elsewhere (--checkpoint)"
                    " its owner could have written anew.")
    try:
        key = Key(read(a.key).decode() if os.path.exists(a.key) else a.key)
        if a.what == "export":
            said = verify_export(a.paths[0], key, a.checkpoint)
        elif a.what == "proof":
            said = verify_proof(a.paths[0], read(a.paths[1]), key)
        else:
            said = verify_consistency(a.paths[0], Checkpoint(read(a.paths[1])), key)
    except Unproven as e:
        code, said, end = 1, e.args[1:], "NOT PROVEN: " + e.args[0]
    except (ValueError, LookupError, TypeError, AttributeError, OSError, RecursionError) as e:
        code, said, end = 1, [], "NOT PROVEN: it cannot be read: %r" % e
    for line in (*said, end):  # which must not steer the reader's terminal
        print("".join(c if c.isprintable() else "?" for c in line))
    return code


if __name__ == "__main__":
    sys.exit(main())

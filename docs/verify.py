#!/usr/bin/env python3
"""Verifies what `muster audit export DIR`, `audit proof` and `audit consistency` wrote, without Muster.

  verify.py export DIR --key KEY [--checkpoint FILE]...   all of an export (format tiles)
  verify.py proof FILE ENTRY --key KEY                    ENTRY: a file with the entry's bytes
  verify.py consistency FILE OLD --key KEY                OLD: the earlier checkpoint

KEY: a public key (NAME+HASH+BASE64), or a file with one, from somebody whom you trust; not from DIR.
Needs Python 3.9 and `openssl` 3. It shares no code with Muster; the formats are those of c2sp.org
(tlog-tiles, tlog-checkpoint, signed-note, tlog-proof) and RFC 6962. Exit status: 0 all is proven, 1 it is not.
"""
import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

ED25519_DER = bytes.fromhex("302a300506032b6570032100")  # a SubjectPublicKeyInfo up to the 32 bytes of the key


class Unproven(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Unproven(what)


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
        self.name, keyhash, material = text.strip().split("+", 2)
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
        self.extension = lines[3:-1]
        self.signatures = []
        for line in signatures.decode().splitlines():
            dash, name, value = line.split(" ")
            need(dash == "\u2014", "a signature line begins with an em dash")
            self.signatures.append((name, base64.b64decode(value, validate=True)))

    def signed_by(self, key):
        """Under the log's own origin: a signature for one log is none for another."""
        return any(n == self.origin and key.signed(self.text, n, s) for n, s in self.signatures)


def read(path):
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
    """A log's entries and levels, everything recomputed from the entries; the signature is the caller's to check."""
    checkpoint = Checkpoint(read(os.path.join(folder, "checkpoint")))
    entries = read_entries(folder, checkpoint.size)
    levels = levels_of([leaf_hash(e) for e in entries])
    need(root_at(levels, checkpoint.size) == checkpoint.root, folder + ": the entries have another root than the one signed")
    for level in range(8):
        hashes = levels[8 * level] if 8 * level < len(levels) else []
        for n, width in widths(len(hashes)):
            tile = read_tile(folder, str(level), n, width)
            need(tile == b"".join(hashes[256 * n:256 * n + width]), "%s: tile %d/%d is not of these entries" % (folder, level, n))
    previous = "0" * 64
    for seq, entry in enumerate(entries):
        fields = json.loads(entry)
        need(fields["seq"] == seq and fields["prev"] == previous, "%s: entry %d does not follow" % (folder, seq))
        previous = leaf_hash(entry).hex()
    return checkpoint, entries, levels


def follow_keys(entries, levels, trusted):
    """The keys from the trusted one on, each signed for by the one before; (key, first entry) pairs."""
    keys, name = [], trusted.name
    for seq, entry in enumerate(entries):
        fields = json.loads(entry)
        if fields["action"] not in ("key.made", "key.rotated"):
            continue
        key = Key(fields["data"]["key"])
        need(key.name == name, "entry %d brings a key of another record" % seq)
        if keys:
            need(fields["action"] == "key.rotated", "entry %d replaces a key without its signature" % seq)
            note = Checkpoint(fields["data"]["note"].encode())
            good = (note.origin == name and note.size == seq and note.extension == ["next key " + fields["data"]["key"]]
                    and note.root == root_at(levels, seq) and note.signed_by(keys[-1][0]))
            need(good, "entry %d changes the key, and the old one did not sign for that" % seq)
        if keys or key.raw == trusted.raw:
            keys.append((key, seq))
    need(keys, "the key that you trust never signed this record")
    return keys


def read_runs(entries):
    """What the workspace's log says of the runs: size and root of each that was closed; what was removed since, which
    must not have been under a legal hold, and must have been what was closed."""
    closed, removed, drills, holds = {}, {}, {}, set()
    for fields in entries:
        data, action = fields.get("data", {}), fields["action"]
        named = (data.get("run"), data.get("drill"))
        if action == "run.opened":
            drills[fields["run"]] = fields.get("drill")
        elif action == "run.closed" and "root" in data:
            closed[fields["run"]] = (data["size"], data["root"])
        elif action == "legal_hold.placed":
            holds.add(named)
        elif action == "legal_hold.released":
            holds.discard(named)
        elif action == "record.pruned":
            run = data["run"]
            need((run, None) not in holds and (None, drills.get(run)) not in holds, run + " was removed though a legal hold kept it")
            need(closed.get(run) == (data["size"], data["root"]), run + ": what was removed is not what the workspace's log closed")
            if data["what"] == "run":
                removed[run] = "removed on %s under the rule `%s` by %s; it had %d entries, root %s" % (
                    fields["ts"][:10], data["rule"], fields["actor"]["principal"], data["size"], data["root"])
    return closed, removed


def verify_export(folder, trusted, kept):
    logs = {}
    workspace, entries, levels = check_log(os.path.join(folder, "workspace"))
    need(workspace.origin == trusted.name, "this is the record %s, and your key is of %s" % (workspace.origin, trusted.name))
    keys = follow_keys(entries, levels, trusted)
    logs[workspace.origin] = levels
    need(workspace.signed_by([k for k, seq in keys if seq < workspace.size][-1]), "the workspace's checkpoint is not signed by its key")
    closed, removed = read_runs([json.loads(entry) for entry in entries])
    said = ["workspace: %d entries, root %s" % (workspace.size, workspace.root.hex())]
    runs = os.path.join(folder, "run")
    for run in sorted(os.listdir(runs)) if os.path.isdir(runs) else []:
        checkpoint, entries, levels = check_log(os.path.join(runs, run))
        need(checkpoint.origin == trusted.name + "/run/" + run, run + ": its checkpoint is of another log")
        need(any(checkpoint.signed_by(k) for k, _ in keys), run + ": its checkpoint is not signed by a key of this record")
        for entry in entries:
            need(json.loads(entry).get("run") == run, run + ": it holds an entry of another run")
        if run in closed:
            size, root = closed[run]
            need(size <= checkpoint.size and root_at(levels, size).hex() == root, run + ": it is not what the workspace's log closed")
        logs[checkpoint.origin] = levels
        said.append("run/%s: %d entries, root %s" % (run, checkpoint.size, checkpoint.root.hex()))
    for run, line in sorted(removed.items()):
        if not os.path.isdir(os.path.join(runs, run)):
            said.append("run/%s: %s" % (run, line))
    for path in kept:
        old = Checkpoint(read(path))
        need(old.origin in logs, "%s is of %s, which is not here" % (path, old.origin))
        need(any(old.signed_by(k) for k, _ in keys), path + " is not signed by a key of this record")
        levels = logs[old.origin]
        need(old.size <= len(levels[0]), "%s has seen %d entries, %d are left" % (path, old.size, len(levels[0])))
        need(root_at(levels, old.size) == old.root, "the first %d entries are not those that %s has seen" % (old.size, path))
        said.append("%s: the record begins with what it has seen" % path)
    return said


def split_proof(path, first):
    head, _, note = read(path).partition(b"\n\n")
    lines = head.decode().split("\n")
    if first:
        need(lines.pop(0) == first, "this is no " + first)
    word, value = lines.pop(0).split(" ")
    return word, int(value), [base64.b64decode(h, validate=True) for h in lines], Checkpoint(note)


def verify_proof(path, entry, key):
    word, index, hashes, checkpoint = split_proof(path, "c2sp.org/tlog-proof@v1")
    need(word == "index" and index < checkpoint.size, "the proof is of no entry")
    need(key_signs(key, checkpoint), "the checkpoint is not signed by this key")
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
    need(key_signs(key, new) and key_signs(key, old), "a checkpoint is not signed by this key")

    def roots(low, high, known):
        """(old, new) root of new leaves low..high, of which the old tree has all up to `size`."""
        if high <= size:
            if known:
                return old.root, old.root
            h = hashes.pop(0)
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


def key_signs(key, checkpoint):
    return checkpoint.origin.startswith(key.name) and checkpoint.signed_by(key)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["export", "proof", "consistency"])
    p.add_argument("paths", nargs="+")
    p.add_argument("--key", required=True)
    p.add_argument("--checkpoint", action="append", default=[])
    a = p.parse_args()
    try:
        key = Key(read(a.key).decode() if os.path.exists(a.key) else a.key)
        if a.what == "export":
            said = verify_export(a.paths[0], key, a.checkpoint)
        elif a.what == "proof":
            said = verify_proof(a.paths[0], read(a.paths[1]), key)
        else:
            said = verify_consistency(a.paths[0], Checkpoint(read(a.paths[1])), key)
    except Unproven as e:
        print("NOT PROVEN: %s" % e)
        return 1
    except (ValueError, KeyError, IndexError, OSError, UnicodeError) as e:
        print("NOT PROVEN: it cannot be read: %r" % e)
        return 1
    print("\n".join(said))
    print("PROVEN for whoever trusts this key. What nobody kept elsewhere (--checkpoint) its owner could have written anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What one needs who writes a record anew and signs it: openssl does it, not Muster."""
import base64
import hashlib
import json
import subprocess

from world import canonical, leaf, root, sealed


def sign(pem, text, name, folder):
    """A signed note, as openssl makes it."""
    public = call_bytes(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"])[-32:]
    (folder / "text").write_bytes(text)
    raw = call_bytes(["openssl", "pkeyutl", "-sign", "-inkey", pem, "-rawin", "-in", folder / "text"])
    keyhash = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return text.decode() + "\n\u2014 %s %s\n" % (name, base64.b64encode(keyhash + raw).decode())


def call_bytes(argv):
    return subprocess.run(list(map(str, argv)), capture_output=True, check=True).stdout


def verifier_key(pem, name):
    public = call_bytes(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"])[-32:]
    keyhash = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return "%s+%s+%s" % (name, keyhash.hex(), base64.b64encode(b"\x01" + public).decode())


def edited(entry):
    fields = json.loads(entry)
    fields["actor"]["principal"] = "unix:nobody"
    return canonical(fields)


def re_signed(attacker, pem, folder, key_text=None):
    """The workspace's log written anew: every root and checkpoint fits what the runs' logs hold now, signed by `pem`."""
    old, out, newest = attacker.entries("workspace"), [], None
    for entry in old:
        fields = json.loads(entry)
        if fields["action"] == "key.made" and key_text:
            fields["data"]["key"] = key_text
        if fields["action"] == "run.closed":
            leaves = [leaf(e) for e in attacker.entries("run/" + fields["run"])]
            fields["data"].update(size=len(leaves), root=root(leaves).hex())
        if fields["action"] == "record.pruned" and attacker.entries("run/" + fields["data"]["run"]):
            leaves = [leaf(e) for e in attacker.entries("run/" + fields["data"]["run"])]
            fields["data"].update(size=len(leaves), root=root(leaves).hex())
        if fields["action"] == "checkpoint":
            log, size = fields["data"]["log"], fields["data"]["size"]
            leaves = [leaf(e) for e in (out if log == "workspace" else attacker.entries(log))][:size]
            name = fields["data"]["note"].split("\n")[0]
            text = "%s\n%d\n%s\n" % (name, len(leaves), base64.b64encode(root(leaves)).decode())
            fields["data"].update(size=len(leaves), root=root(leaves).hex(), note=sign(pem, text.encode(), name, folder))
            newest = fields["data"]["note"] if log == "workspace" else newest
        out = sealed(out + [canonical(fields)])
    attacker.put("workspace", out)
    if newest and pem == attacker.record / "audit.key":  # who has the key has the file beside it, too
        (attacker.record / "audit.signed").write_text(newest)


def edit_and_sign(attacker, run, pem, folder, key_text=None):
    """One entry of a run changed, and all that follows from it made to fit, signatures too."""
    entries = attacker.entries(run)
    attacker.put(run, sealed(entries[:5] + [edited(entries[5])] + entries[6:]))
    re_signed(attacker, pem, folder, key_text)

"""check_persons.py DIR: whom the entries of an export name (`muster audit export DIR`), without Muster.

An entry holds `person:` and the hex of SHA-256(salt || value); persons.json of the export has salts and values. Checks
each, and that whoever is not there was declared erased by an entry `person.erased` of the workspace's log, over which a
checkpoint of that log was made: without one anybody with the file could have written it. Prints who there is. Whether
entries and checkpoints are what was signed is docs/verify.py's question, and needs no names.
"""
import hashlib
import json
import pathlib
import re
import sys

COMMITMENT = re.compile(rb"person:([0-9a-f]{64})(?![0-9a-f])")


def entries(folder):
    """(is it of the workspace's log, its bytes) of every entry of an export, of tiles or of JSON lines."""
    for lines in sorted(folder.rglob("*.jsonl")):
        for entry in lines.read_bytes().splitlines():
            yield lines == folder / "workspace.jsonl", entry
    for log in [folder / "workspace"] + sorted(folder.glob("run/*")):
        bundles = [p for p in sorted((log / "tile/entries").rglob("*")) if p.is_file()]
        for bundle in bundles:
            data = bundle.read_bytes()
            while data:
                length = int.from_bytes(data[:2], "big")
                yield log == folder / "workspace", data[2:2 + length]
                data = data[2 + length:]


def main(folder):
    file = folder / "persons.json"
    persons = json.loads(file.read_text())["persons"] if file.exists() else {}
    named, declared, checked_to = set(), {}, 0
    checkpoint = folder / "workspace/checkpoint"
    if checkpoint.exists():
        checked_to = int(checkpoint.read_text().splitlines()[1])
    for is_workspace, entry in entries(folder):
        named.update(match.decode() for match in COMMITMENT.findall(entry))
        fields = json.loads(entry)
        if is_workspace and fields["action"] == "person.erased":
            for commitment in fields["data"]["commitments"]:
                declared.setdefault(commitment, fields["seq"])
        if is_workspace and fields["action"] == "checkpoint" and fields["data"]["log"] == "workspace":
            checked_to = max(checked_to, fields["data"]["size"])
    wrong = 0
    for commitment in sorted(named):
        person = persons.get(commitment)
        if person is None:
            is_signed = declared.get(commitment, checked_to) < checked_to
            print("%s %s" % (commitment[:8], "erased" if is_signed else
                             "NOT THERE, and nobody signed that it was erased" if commitment in declared else "NOT THERE"))
            wrong += not is_signed
            continue
        fits = hashlib.sha256(bytes.fromhex(person["salt"]) + person["value"].encode()).hexdigest() == commitment
        print("%s %s" % (commitment[:8], person["value"] if fits else "IS SOMEBODY ELSE"))
        wrong += not fits
    print("%d named, %d wrong" % (len(named), wrong))
    return 1 if wrong or not named else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))

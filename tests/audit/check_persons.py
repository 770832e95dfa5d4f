"""check_persons.py DIR: whom the entries of an export name (`muster audit export DIR`), without Muster.

An entry holds `person:` and the hex of SHA-256(salt || value); persons.json of the export has salts and values. Checks
each, and that whoever is not there was declared erased by an entry `person.erased`. Prints who there is. Whether the
entries themselves are what was signed is docs/verify.py's question, and needs no names.
"""
import hashlib
import json
import pathlib
import re
import sys

COMMITMENT = re.compile(rb"person:([0-9a-f]{64})(?![0-9a-f])")


def entries(folder):
    """The bytes of every entry of an export, of tiles or of JSON lines."""
    for lines in sorted(folder.rglob("*.jsonl")):
        yield from lines.read_bytes().splitlines()
    for log in [folder / "workspace"] + sorted(folder.glob("run/*")):
        bundles = [p for p in sorted((log / "tile/entries").rglob("*")) if p.is_file()]
        for bundle in bundles:
            data = bundle.read_bytes()
            while data:
                length = int.from_bytes(data[:2], "big")
                yield data[2:2 + length]
                data = data[2 + length:]


def main(folder):
    file = folder / "persons.json"
    persons = json.loads(file.read_text())["persons"] if file.exists() else {}
    named, erased = set(), set()
    for entry in entries(folder):
        named.update(match.decode() for match in COMMITMENT.findall(entry))
        fields = json.loads(entry)
        if fields["action"] == "person.erased":
            erased.update(fields["data"]["commitments"])
    wrong = 0
    for commitment in sorted(named):
        person = persons.get(commitment)
        if person is None:
            print("%s %s" % (commitment[:8], "erased" if commitment in erased else "NOT THERE"))
            wrong += commitment not in erased
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

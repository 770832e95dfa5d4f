"""schema.py MUSTER SOURCE ROOM: real files fit their schema; wrong ones are refused by loader and schema alike;
and whatever the schema refuses, the loader refuses too."""

import copy
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys

import jsonschema
import yaml

muster, source, room = sys.argv[1:4]
failures = []


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: `no` is text, a date is text."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]*$", "-+0123456789"),
    ("null", r"^(?:~|null|)$", "~n\0"),
):
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))


def read(text):
    return yaml.load(text, Core)


validators = {}
for path in glob.glob(room + "/schemas/*.json"):
    with open(path) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validators[os.path.basename(path)[:-5]] = jsonschema.Draft202012Validator(schema)


def fits(kind, document):
    return validators[kind].is_valid(document)


def must_fit(kind, document, name):
    for error in validators[kind].iter_errors(document):
        failures.append(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")


def kind_of(document):
    keys = document if isinstance(document, dict) else {}
    for kind in ("drill", "playbook", "people", "policy", "secrets", "witnesses", "calendars", "retention", "server", "lab"):
        if kind in keys:
            return kind
    return None


def real_files():
    count = 0
    for pattern in ("drills", "playbooks", "inventory", "inventory/lab", "tests/e2e/workspace/drills"):
        for path in glob.glob(f"{source}/{pattern}/*.yaml") + glob.glob(f"{room}/new/{pattern}/*.yaml"):
            with open(path) as file:
                document = read(file.read())
            kind = kind_of(document)
            if kind:
                must_fit(kind, document, path)
                count += 1
    return count


def blocks_of_documents():
    """Whole documents among the YAML blocks of the documents, and lists of steps."""
    count = 0
    for path in glob.glob(source + "/docs/*.md") + [source + "/README.md"]:
        with open(path) as file:
            blocks = re.findall(r"^```yaml\n(.*?)^```", file.read(), re.M | re.S)
        for block in blocks:
            block = re.sub(r"^(services|steps|ends): …$", r"", block, flags=re.M)
            whole = "steps:" in block or "playbook" not in block
            try:
                document = read(block)
            except yaml.YAMLError:
                continue
            if isinstance(document, list) and document and isinstance(document[0], dict):
                document = {"playbook": "p", "steps": document}
            kind = kind_of(document)
            if kind == "playbook" and not document.get("steps"):
                document["steps"] = [{"mark": "x"}]
            if kind and whole | (kind != "playbook"):
                must_fit(kind, document, path)
                count += 1
    return count


DRILL = """drill: d
title: A drill
owner: ana
playbook: p
targets: {primary: db-1, scratch: dr-1}
with: {stanza: orders, wait: 5m}
objectives: {orders: {rto: 15m, rpo: 10s, from: inject}, restore: 2h, data_age: 15m}
estimate: {rto: 4h, detect: 10m}
roles: {dba: {holder: ana, deputy: bo}}
guardrails: {max_duration: 1h, keep: {all: 1 healthy}, at_most: {pair: {of: all, most: 50%}}, abort_if: [{service: web, fails_for: 40s}]}
"""
PLAYBOOK = """playbook: p
title: A playbook
inputs:
  stanza: {type: string, help: x}
  wait: {type: duration, default: 1m}
targets:
  primary: {one_of: group, where: {postgres: "select true"}}
  scratch: {hosts: 1}
roles: [dba]
services:
  orders: {postgres: "host=${scratch.address}", query: select 1, ledger: {rate: 20/s, table: t}, timeout: 500ms, up: 99% over 5s, warm_up: 30s}
  web: {http: {url: "http://x/", status: 200}, every: 1s, outage: tolerated}
steps:
  - {id: fill, inject: disk.fill, target: primary, with: {path: /srv, percent: 90%}, within: "${wait}"}
  - {ask: dba, say: "well, ${stanza}?", answer: {to: {type: time, default: latest}}, late: escalate, mark: decided}
  - {id: copy, restore: pgbackrest, target: scratch, with: {stanza: "${stanza}", to: "${to}", validate: [logical, {query: select 1}]}}
  - {run: [echo, "${scratch.name}"], target: scratch, undo: ["true"]}
  - {wait: {service: orders, is: up}, within: 5m, on_failure: continue}
  - {check: {tcp: "x:1", is: down}}
  - parallel:
      - {tell: hello}
      - [{pause: 1s}, {mark: m}]
  - {revert: fill}
  - {teardown: copy}
ends:
  - {check: {command: ["true"], on_host: scratch}}
"""
PEOPLE = """people:
  ana: {name: Ana Silva, unix: ana, teams: [sre]}
  bo: {name: Bo}
"""
HOSTS = "all: {hosts: {db-1: {muster_environment: lab}, dr-1: {muster_environment: lab}}}\n"
FILES = {"drill": "drills/d.yaml", "playbook": "playbooks/p.yaml", "people": "inventory/people.yaml"}
TEXTS = {"drill": DRILL, "playbook": PLAYBOOK, "people": PEOPLE}

# kind, what stands there, what stands there instead, whether the schema can say it
WRONG = [
    ("drill", "owner: ana", "ownr: ana", True),
    ("drill", "title: A drill", "title: [x]", True),
    ("drill", "title: A drill", "title:", True),
    ("drill", "drill: d", "drill: a b", True),
    ("drill", "rto: 15m", "rto: 15", True),
    ("drill", "rto: 15m", "rto: 15 minutes", True),
    ("drill", "rto: 15m", "rta: 15m", True),
    ("drill", "from: inject", "from: start", True),
    ("drill", "detect: 10m", "detect: soon", True),
    ("drill", "estimate: {rto: 4h,", "estimate: {", True),
    ("drill", "holder: ana", "holdr: ana", True),
    ("drill", "max_duration: 1h", "max_duration: 1h, most: 2", True),
    ("drill", "abort_if: [{service: web, fails_for: 40s}]", "abort_if: []", True),
    ("drill", "fails_for: 40s", "fails_for: soon", True),
    ("drill", "fails_for: 40s", "fails_for: 40s, timeout: 1s", True),
    ("drill", "keep: {all: 1 healthy}", "keep: {all: one healthy}", True),
    ("drill", "most: 50%", "most: half", True),
    ("drill", "{of: all, most: 50%}", "{of: all}", True),
    ("drill", "service: web, fails_for", "service: wbe, fails_for", False),
    ("drill", "targets: {primary: db-1,", "targets: {primary: [db-1],", True),
    ("drill", "owner: ana", "owner: ana\nsteps: []", True),
    ("drill", "owner: ana", "owner: ana\nschedule: {every: day}", True),
    ("drill", "owner: ana", "owner: nobody", False),
    ("drill", "scratch: dr-1", "scratch: dr-9", False),
    ("drill", "playbook: p", "playbook: q", False),
    ("drill", "max_duration: 1h", "max_duration: 10s", False),
    ("playbook", "hosts: 1", "hosts: 0", True),
    ("playbook", "hosts: 1", "hosts: 1, group: true", True),
    ("playbook", "type: string", "type: text", True),
    ("playbook", "one_of: group, where", "one_of: group, were", True),
    ("playbook", 'where: {postgres: "select true"}', "where: {}", True),
    ("playbook", "roles: [dba]", "roles: dba", True),
    ("playbook", "rate: 20/s", "rate: 20", True),
    ("playbook", "table: t", "table: T", True),
    ("playbook", "status: 200", "status: 99", True),
    ("playbook", "timeout: 500ms", "timeout: 500", True),
    ("playbook", "up: 99% over 5s", "up: mostly", True),
    ("playbook", "outage: tolerated", "outage: ignored", True),
    ("playbook", "every: 1s", "every: 1s, ledger: {}", True),
    ("playbook", "every: 1s", 'every: 1s, tcp: "x:1"', True),
    ("playbook", "${scratch.address}", "${scratch.address", True),
    ("playbook", "inject: disk.fill", "inject: disk.fil", True),
    ("playbook", "percent: 90%", "percent: ninety", True),
    ("playbook", "percent: 90%", "procent: 90%", True),
    ("playbook", "path: /srv, ", "", True),
    ("playbook", "path: /srv", "path: srv", True),
    ("playbook", "late: escalate", "late: never", True),
    ("playbook", 'say: "well, ${stanza}?", ', "", True),
    ("playbook", "service: orders, is: up", "service: orders, is: fine", True),
    ("playbook", "service: orders, is: up", "servic: orders", True),
    ("playbook", "on_failure: continue", "on_failure: go", True),
    ("playbook", "{tell: hello}", "{tell: hello, within: 1m}", True),
    ("playbook", "{pause: 1s}", "{pause: 1}", True),
    ("playbook", "{revert: fill}", "{revert: fill, pause: 1s}", True),
    ("playbook", "{revert: fill}", "{load: x}", True),
    ("playbook", "ends:", "end:", True),
    ("playbook", '{check: {command: ["true"], on_host: scratch}}', "{mark: x}", True),
    ("playbook", "{revert: fill}", "{revert: full}", False),
    ("playbook", "timeout: 500ms", "timeout: 5s", False),
    ("playbook", "up: 99% over 5s", "up: 99% over 100ms", False),
    ("people", "name: Bo", "nam: Bo", True),
    ("people", "teams: [sre]", "teams: sre", True),
    ("people", "bo: {name: Bo}", "bo: Bo", True),
    ("people", "people:", "people: {}\npolicy:", True),
    ("people", "name: Bo", "name: Bo, unix: ana", False),
]


def loader_refuses(texts):
    folder = room + "/ws"
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in list(texts.items()) + [("hosts", HOSTS)]:
        path = f"{folder}/{FILES.get(name, 'inventory/hosts.yaml')}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    run = subprocess.run([muster, "-C", folder, "check", "--json"], capture_output=True, text=True, timeout=60)
    if run.returncode not in (0, 2):
        failures.append(f"the loader ended with {run.returncode}: {run.stdout[-500:]}{run.stderr[-500:]}")
    return run.returncode != 0, run.stdout


def table():
    refused, said = loader_refuses(TEXTS)
    if refused:
        failures.append("the good files are refused: " + said)
    for kind, text in TEXTS.items():
        must_fit(kind, read(text), "good " + kind)
    for kind, good, bad, by_schema in WRONG:
        if TEXTS[kind].count(good) < 1:
            failures.append(f"{kind}: '{good}' is not in the good file")
            continue
        text = TEXTS[kind].replace(good, bad, 1)
        if not loader_refuses({**TEXTS, kind: text})[0]:
            failures.append(f"{kind}: '{bad}' is taken by the loader")
        if fits(kind, read(text)) == by_schema:
            failures.append(f"{kind}: '{bad}' is {'taken' if by_schema else 'refused'} by the schema")
    return len(WRONG)


def places(node, path=()):
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from places(value, path + (key,))


def damaged(document, dice):
    out = copy.deepcopy(document)
    path = dice.choice([p for p in places(out) if p])
    parent = out
    for key in path[:-1]:
        parent = parent[key]
    what = dice.randrange(4)
    if what == 0:
        del parent[path[-1]]
    elif what == 1 and isinstance(parent, dict):
        parent[dice.choice(["nmae", "is", "within", "target", "x-1"])] = dice.choice(["x", 1, "1s", [], {}])
    else:
        parent[path[-1]] = dice.choice(["x", "1s", "50%", "${stanza}", "a b", 7, 1.5, True, None, [], ["x"], {}, {"x": "y"}])
    return out


def agreement():
    """The schema is never stricter than the loader."""
    dice = random.Random(20261123)
    count = int(os.environ.get("MUSTER_FUZZ", "150"))
    refused_by_both = 0
    for _ in range(count):
        kind = dice.choice(list(TEXTS))
        document = damaged(read(TEXTS[kind]), dice)
        if fits(kind, document):
            continue
        text = yaml.safe_dump(document, sort_keys=False, width=10000)
        if fits(kind, read(text)):
            continue
        if loader_refuses({**TEXTS, kind: text})[0]:
            refused_by_both += 1
        else:
            failures.append(f"{kind}: the schema alone refuses:\n{text}")
    return count, refused_by_both


files = real_files()
blocks = blocks_of_documents()
rows = table()
tried, refused = agreement()
if files < 7 or blocks < 5 or refused < tried / 4:
    failures.append(f"too little was tried: {files} files, {blocks} blocks, {refused} of {tried} refused")
for failure in failures[:40]:
    print("FAILED:", failure)
print(f"{files} files, {blocks} blocks of documents, {rows} wrong files; {refused} of {tried} damaged ones refused by both")
sys.exit(1 if failures else 0)

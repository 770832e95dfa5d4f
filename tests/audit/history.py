"""Lists, trends, coverage, metrics and annotations of real runs. The metrics are read by a parser of the exposition format
that shares no code with Muster, and the dashboard must use names that are there."""
import json
import os
import pathlib
import re
import socket
import stat
import subprocess
import time

from world import Attacker, DOCS, World, canonical, fail, sealed

SERVED = """drill: served
owner: ana
due: every year
targets: {here: here}
roles: {incident_commander: {holder: ana}}
objectives: {door: {rto: 30s}}
services:
  door: {command: ["true"], every: 100ms, timeout: 90ms, up: 90% over 1s, warm_up: 2s, outage: tolerated}
steps:
  - {name: A command, run: [echo, hello], target: here, undo: ["true"]}
"""
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(r"^(%s)(?:\{(.*)\})? (-?[0-9.]+)$" % NAME)
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)')


def need(condition, what):
    if not condition:
        fail(what)


def parsed(text):
    """{name: {labels: value}}; every family has its help and type before it, once, and no sample is there twice."""
    need(text.endswith("\n"), "the last line does not end")
    helped, typed, out = set(), {}, {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            need(name not in helped, "two helps of " + name)
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            need(kind in ("gauge", "counter") and name not in typed, "the type of " + name)
            need((kind == "counter") == name.endswith("_total"), "a counter's name ends with _total: " + name)
            typed[name] = kind
        else:
            match = SAMPLE.match(line)
            need(match, "no sample: " + line)
            name, labels = match.group(1), match.group(2) or ""
            pairs = LABEL.findall(labels)
            need(sum(len(k) + len(v) + 3 for k, v in pairs) + max(len(pairs) - 1, 0) == len(labels), "the labels of " + line)
            need(name in helped and name in typed and name == list(typed)[-1], "a sample outside of its family: " + line)
            key = tuple(sorted(pairs))
            need(key not in out.setdefault(name, {}), "twice: " + line)
            out[name][key] = float(match.group(3))
    return out


def runs_listed(w, runs):
    def listed(*words):
        return [json.loads(line)["run"] for line in w.muster("runs", "--json", *words).splitlines()]
    need(listed() == runs, "runs: %s" % listed())
    need(listed("--drill", "small") == runs[:1] and listed("--limit", "1") == runs[-1:], "--drill, --limit")
    need(listed("--host", "here") == runs and listed("--host", "there") == [], "--host")
    need(listed("--result", "pass") == listed("--state", "clean") == runs, "--result, --state")
    need(listed("--since", "1h") == runs and listed("--until", "2001-01-01") == [], "--since, --until")
    need("No run fits" in w.muster("runs", "--by", "unix:nobody"), "--by")
    w.muster("runs", "--since", "yesterday", code=2)
    one = json.loads(w.muster("runs", "--json", "--limit", "1"))
    need(one["faults"][0] == {"fault": "command", "host": "here", "end": "reverted", "proven": True}, "faults: %s" % one)
    need(one["roles"] == [{"role": "incident_commander", "person": "ana"}], "roles: %s" % one)
    need(one["objectives"][0]["objective"] == "rto" and one["objectives"][0]["limit_ns"] == 30 * 10**9, "objectives: %s" % one)


def main():
    w = World()
    try:
        need(parsed(w.muster("metrics"))["muster_runs_open"] == {(): 0.0}, "metrics of nothing")
        w.muster("history", "served", code=2)
        (w.workspace / "drills/served.yaml").write_text(SERVED)
        runs = [w.run(), w.run("served"), w.run("served")]
        runs_listed(w, runs)
        trend = json.loads(w.muster("history", "served", "--json"))
        need([p["run"] for p in trend["series"][0]["points"]] == runs[1:], "history: %s" % trend)
        need(trend["series"][0]["regression"] == "unknown", "history: %s" % trend)
        need("no statement" in w.muster("history", "served"), "the chart")
        coverage = json.loads(w.muster("coverage", "--json"))
        need([h["what"] for h in coverage["hosts"]] == ["here"] and coverage["hosts"][0]["last_run"] == runs[-1], "hosts: %s" % coverage)
        need(any(f["what"] == "node.kill" and "last_run" not in f for f in coverage["faults"]), "faults: %s" % coverage)
        need(coverage["people_never"] == [] and "never" in w.muster("coverage"), "people: %s" % coverage)
        metrics(w, runs)
        lines = json.loads(w.muster("compliance", "--json"))
        need([l["drill"] for l in lines] == ["served", "small"] and lines[0]["last_passed"]["run"] == runs[-1], "compliance: %s" % lines)
        need({"retention", "title"} <= {g["field"] for g in lines[0]["gaps"]}, "compliance: %s" % lines)
        need("due" in lines[0] and "due" not in lines[1], "due: %s" % lines)
        w.muster("compliance", "nobody", code=2)
        notes = json.loads(w.muster("show", "--annotations"))
        need(notes[0]["tags"] == ["muster", "run", "served", "PASS"] and abs(notes[0]["time"] / 1000 - time.time()) < 600, "%s" % notes)
        need(notes[1]["tags"][1] == "fault" and notes[0]["time"] <= notes[1]["time"] <= notes[1]["timeEnd"] <= notes[0]["timeEnd"], "%s" % notes)
        print("what was tested is listed, compared, counted and exposed")
        many(w)
    finally:
        w.close()


def many(w):
    """A thousand runs more: they are listed from the workspace's log alone, whose entries are all that was added."""
    attacker = Attacker(w.record())
    entries = attacker.entries("workspace")
    mine = [e for e in entries if json.loads(e)["action"] in ("run.opened", "run.closed")][-2:]
    more = []
    for i in range(1000):
        for entry in mine:
            fields = json.loads(entry)
            fields["run"] = "20270101-000000-%06x" % i
            more.append(canonical(fields))
    attacker.put("workspace", sealed(entries + more))
    attacker.done()
    for words in (["runs", "--json"], ["history", "served"], ["coverage"], ["metrics"]):
        begun = time.monotonic()
        done = w.try_muster(*words)
        took = time.monotonic() - begun
        need(done.returncode == 0, "%s: %s" % (words, done.stderr))
        print("%-15s of 1,003 runs: %.2f s" % (" ".join(words), took))
        need(took < 10, "%s took %.1f s" % (words, took))


def of_server(w):
    """What a server of the workspace answers at /metrics."""
    server = subprocess.Popen([os.environ["MUSTER"], "-C", str(w.workspace), "serve"], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={**os.environ, "MUSTER_STATE": str(w.state)})
    try:
        need(any("Serving " in line for line in server.stdout), "it does not serve")
        there = socket.socket(socket.AF_UNIX)
        there.settimeout(30)
        there.connect(str(next(w.state.rglob("muster.sock"))))
        there.sendall(b"GET /metrics HTTP/1.1\r\nHost: muster\r\nConnection: close\r\n\r\n")
        head, _, body = b"".join(iter(lambda: there.recv(1 << 16), b"")).partition(b"\r\n\r\n")
        need(head.startswith(b"HTTP/1.1 200 "), "no figures: %s" % head)
        return body.decode()
    finally:
        server.terminate()
        need(server.wait(timeout=60) == 0, "the server did not end in order")


def metrics(w, runs):
    text = w.muster("metrics")
    found = parsed(text)
    need(found["muster_runs_total"][(("drill", "served"), ("result", "PASS"), ("state", "clean"))] == 2, "runs_total: %s" % found)
    need(found["muster_drill_last_test_passed"] == {(("drill", "served"),): 1, (("drill", "small"),): 1}, "last: %s" % found)
    need(found["muster_effects_live"] == {(): 0} and found["muster_record_unsigned_entries"][()] <= 1, "the record: %s" % found)
    need(found["muster_record_entries"][()] == len(w.entries("workspace")) + sum(len(w.entries("run/" + r)) for r in runs), "entries")
    file = w.folder / "muster.prom"
    w.muster("metrics", "--textfile", file)
    need(parsed(file.read_text()).keys() == found.keys(), "the text file is another")
    need(stat.S_IMODE(file.stat().st_mode) == 0o644 and not list(w.folder.glob("muster.prom.*")), "the text file's rights, or a part of it")
    w.muster("metrics", "--textfile", w.folder / "nowhere/muster.prom", code=1)
    documented = set(re.findall(r"`(muster_[a-z_]+)`", (DOCS / "metrics.md").read_text()))
    served = parsed(of_server(w))
    need(set(found) <= set(served), "a server leaves out %s" % sorted(set(found) - set(served)))
    found = served
    need(found["muster_drill_overdue"] == {(("drill", "served"),): 0}, "overdue: %s" % found)
    # Nothing was lost there, and nothing was due while that server was there (tests/cli/serve.sh).
    optional = {"muster_objective_lost_writes", "muster_objective_actual_seconds", "muster_server_start_lateness_seconds"}
    need(set(found) <= documented and documented - optional <= set(found),
         "documented: %s, found: %s" % (sorted(documented - set(found)), sorted(set(found) - documented)))
    dashboard = pathlib.Path(DOCS / "grafana/muster.json").read_text()
    json.loads(dashboard)
    used = set(re.findall(r"muster_[a-z_]+", dashboard))
    need(used <= documented, "the dashboard uses %s" % sorted(used - documented))
    need(documented <= used, "no panel shows %s" % sorted(documented - used))


main()

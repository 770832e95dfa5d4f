"""Who may ask what over TLS, what is recorded of it, and that the document of the API tells the truth."""
import json
import os
import pathlib
import socket
import subprocess
import time

import jsonschema

from server import Served, call, check, fail

HERE = pathlib.Path(__file__).resolve().parent
w = Served()
try:
    reads = w.token("reads", "--scope", "read")
    runs = w.token("runs", "--scope", "read,run", "--expires", "1h")
    ana = w.token("ana", "--scope", "read,run,approve", "--person", "ana")
    admin = w.token("admin", "--scope", "read,admin")
    for words in (("x", "--scope", "read,approve"), ("a b", "--scope", "read"), ("x", "--scope", "all"),
                  ("x", "--scope", "read", "--person", "nobody"), ("x", "--scope", "read", "--expires", "soon")):
        check(w.try_muster("token", "new", *words).returncode == 2, "token new %s was taken" % (words,))
    check(w.try_muster("token", "new", "ana", "--scope", "read").returncode == 1, "two tokens of one name")

    w.begin()
    check(hasattr(w, "run_id") and hasattr(w, "url"), "it is not told which run is served where:\n" + w.said)
    run = w.run_id

    # Who is let in.
    check(w.ask("/v1/status")[0] == 401, "nobody in particular is answered")
    check(w.ask("/v1/status", token=reads[:-1])[0] == 401, "part of a token is good")
    check(w.ask("/v1/status", token=reads)[0] == 200, "a good token is refused")
    status, body = w.ask("/v1/status?token=" + reads, token=reads)
    check(status == 400 and reads not in body and "URL" in body, "a token in the URL: %s %s" % (status, body))
    late = w.token("late", "--scope", "read")  # made over the Unix socket, while the run holds the store
    check(w.ask("/v1/status", token=late)[0] == 200, "a token that was made meanwhile is refused")
    w.muster("token", "revoke", "late", "--reason", "a trial")
    check(w.ask("/v1/status", token=late)[0] == 401, "a revoked token is good")
    post = ("-X", "POST", "-H", "Content-Type: application/json", "-d")
    check(w.ask("/v1/tokens", *post, '{"name":"y","sha256":"%s","scopes":["read"]}' % ("a" * 64), token=admin)[0] == 403,
          "a token makes a token")
    check(w.ask("/v1/tokens", token=reads)[0] == 403, "who may read sees the tokens")

    # What the document says is so.
    document = json.loads(w.ask("/v1/openapi.json", token=reads)[1])
    meta = json.loads((HERE / "data/openapi-3.1.json").read_text())
    jsonschema.Draft202012Validator(meta).validate(document)
    check(document == json.loads(w.muster("schema", "openapi")), "two documents")
    schemas = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for media in [c for r in operation["responses"].values() for c in r.get("content", {}).values()] + list(
                    operation.get("requestBody", {}).get("content", {}).values()):
                if "schema" in media and "$ref" not in media["schema"]:
                    jsonschema.Draft202012Validator.check_schema(media["schema"])
                    schemas += 1
            names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
            check(all("{%s}" % name in path for name in names) and path.count("{") == len(names), path)
    check(schemas > 20, "only %d schemas" % schemas)
    asked = 0
    for path, operations in document["paths"].items():
        if "get" not in operations or path in ("/v1/events", "/v1/schedules", "/v1/drills", "/v1/drills/{drill}/times", "/v1/blobs/{sha256}", "/v1/persons/{commitment}", "/metrics", "/healthz", "/readyz"):
            continue
        target = path.replace("{log}", "run%2F" + run).replace("{run}", run)
        status, body = w.ask(target, token=admin if path == "/v1/tokens" else reads)
        check(status == 200, "%s: %d %s" % (target, status, body))
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(schema).validate(json.loads(body))
        asked += 1
    check(asked >= 5, "only %d endpoints were asked" % asked)
    status, body = w.ask("/v1/nowhere", token=reads)
    jsonschema.Draft202012Validator(document["components"]["schemas"]["Error"]).validate(json.loads(body))

    # The bodies of others: what their own examples say fits, and what does not fit is refused.
    def fits(path, body):
        schema = dict(document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"])
        schema["components"] = document["components"]
        return jsonschema.Draft202012Validator(schema).is_valid(body)

    def sent(path, body):
        return w.ask(path, *post, json.dumps(body), token=ana)[0]

    def but(body, change):
        body = json.loads(json.dumps(body))
        change(body)
        return body

    payload = {name: json.loads((HERE.parent / "api/data" / (name + ".json")).read_text()) for name in ("alertmanager", "pagerduty")}
    alerts, incident = "/v1/alerts/alertmanager", "/v1/alerts/pagerduty"
    for path, body, taken in (
            (alerts, payload["alertmanager"], True),
            (alerts, but(payload["alertmanager"], lambda b: b.update(version="3")), False),
            (alerts, but(payload["alertmanager"], lambda b: b.pop("alerts")), False),
            (alerts, but(payload["alertmanager"], lambda b: b["alerts"][0].update(status="odd")), False),
            (alerts, but(payload["alertmanager"], lambda b: b["alerts"][0]["labels"].pop("alertname")), False),
            (alerts, but(payload["alertmanager"], lambda b: b["alerts"][0]["labels"].update(n=1)), False),
            (alerts, but(payload["alertmanager"], lambda b: b["alerts"][0]["labels"].update({str(i): "" for i in range(70)})), False),
            (alerts, but(payload["alertmanager"], lambda b: b.update(alerts=[{"status": "firing", "labels": {"alertname": "x"}}] * 201)), False),
            (incident, payload["pagerduty"], True),
            (incident, {"event": {"event_type": "pagey.ping", "resource_type": "pagey"}}, True),
            (incident, but(payload["pagerduty"], lambda b: b["event"]["data"].update(type="incident_note", title=None)), True),
            (incident, but(payload["pagerduty"], lambda b: b["event"]["data"].update(priority=None)), True),
            (incident, but(payload["pagerduty"], lambda b: b["event"].pop("event_type")), False),
            (incident, but(payload["pagerduty"], lambda b: b["event"].pop("data")), False),
            (incident, but(payload["pagerduty"], lambda b: b["event"]["data"].update(title="")), False)):
        check(fits(path, body) == taken, "the document says otherwise: %s %s" % (path, json.dumps(body)[:300]))
        check((sent(path, body) == 202) == taken, "it is answered otherwise: %s %s" % (path, json.dumps(body)[:300]))
    approval = {"approval": {"signed": "x", "signature": "y"}}  # of a right form, and by nobody
    check(fits("/v1/approvals", approval) and sent("/v1/approvals", approval) == 409, "an approval")
    for wrong in ({}, {"approval": {"signed": "x"}}, {"approval": approval["approval"], "more": 1},
                  {"approval": {"signed": "", "signature": "y"}}, {"approval": {"signed": "x", "signature": "y" * 8001}}):
        check(not fits("/v1/approvals", wrong) and sent("/v1/approvals", wrong) == 400, "no approval: %s" % wrong)

    # Events, as they come and from where somebody was.
    events = subprocess.Popen(["curl", "-sN", "--cacert", str(w.papers.ca), "-K", "-", w.url + "/v1/events?run=%s&from=0" % run],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    events.stdin.write('header = "Authorization: Bearer %s"\n' % reads)
    events.stdin.close()

    def next_event():
        fields = {}
        for line in events.stdout:
            if line == "\n" and fields:
                return fields["id"], json.loads(fields["data"])
            name, _, value = line.rstrip("\n").partition(": ")
            if name:
                fields[name] = value
        fail("the events ended")

    seen = []
    while not seen or seen[-1][1]["action"] != "step.asked":
        seen.append(next_event())
    check([i for i, _ in seen] == ["run/%s:%d" % (run, n) for n in range(len(seen))], "events are missing: %s" % seen)

    # What may be done with which token: muster itself, on another machine.
    check(run in w.remote("reads", "runs").stdout, "no runs")
    check(run in w.remote("reads", "show").stdout, "nothing is shown")
    check("decide" in w.remote("reads", "step", "list").stdout, "no list of steps")
    done = w.remote("reads", "step", "note", "hello")
    check(done.returncode == 1 and "no scope `run`" in done.stderr, "a note by who may read: %s" % done.stderr)
    check(w.remote("runs", "step", "note", "from afar").returncode == 0, "no note by who may run")
    done = w.remote("runs", "step", "answer", "decide", "which=a", "--as-stand-in", "--reason", "x")
    check(done.returncode == 1 and "no scope `approve`" in done.stderr, "a service answers for a person: %s" % done.stderr)
    done = w.remote("runs", "check")
    check(done.returncode == 2 and "--server" in done.stderr, "check takes --server")
    (w.folder / "ana.token").chmod(0o644)
    done = w.remote("ana", "runs")
    check(done.returncode == 1 and "read by others" in done.stderr and ana not in done.stderr, "an open token file is used")
    (w.folder / "ana.token").chmod(0o600)

    # The certificate changes, and nobody has to start anything anew.
    before = w.ask("/v1/status", "-v", token=reads)[0]
    w.papers.give()
    check(before == w.ask("/v1/status", token=reads)[0] == 200, "not reached with the new certificate")

    # Slow ones, and many: the run does not mind, and others are answered.
    host, port = w.url[8:].split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(8)]
    time.sleep(0.2)
    check(w.ask("/v1/status", token=reads)[0] == 0, "a ninth connection of one address is let in")
    for s in slow:
        s.close()
    time.sleep(0.2)
    check(w.ask("/v1/status", token=reads)[0] == 200, "the door does not open again")

    check(w.remote("ana", "step", "answer", "decide", "which=a").returncode == 0, "who is asked cannot answer")
    while seen[-1][1]["action"] != "verdict":
        seen.append(next_event())
    check(w.end() == 0, "the drill did not pass:\n" + w.said)
    check("was read again" in w.said, "the new certificate is not told of")

    # What stands in the record.
    answered = [e for e in w.log(run) if e["action"] == "request" and "answers" in json.dumps(e.get("data", {}))][-1]
    check(answered["actor"] == {"principal": "token:ana", "method": "token", "assurance": "bearer", "on_behalf_of": "person:ana"},
          "who answered: %s" % answered)
    check(answered["data"].get("as") == "holder" and answered["data"].get("person") == "ana", "as whom: %s" % answered)
    kinds = [e["action"] for e in w.log("workspace")]
    check(kinds.count("token.made") == 5 and kinds.count("token.revoked") == 1, "tokens: %s" % kinds)
    check(kinds.count("access.refused") == 1, "refusals: %s" % kinds)
    check(json.loads(w.muster("audit", "verify", "--json", code=0)), "the record is not intact")
    check([t["name"] for t in map(json.loads, w.muster("token", "list", "--json").splitlines())] ==
          ["reads", "runs", "ana", "admin", "late"], "the list of tokens")
    # No token is anywhere but with who made it.
    kept = b"".join(p.read_bytes() for p in w.folder.rglob("*") if p.is_file() and p.suffix != ".token")
    for name, text in w.tokens.items():
        check(text.encode() not in kept and text not in w.said, "the token %s was kept" % name)

    # A server.yaml that cannot be served harms no drill.
    os.chmod(w.papers.folder / "server.key", 0o644)
    said = w.run_text("small")
    check("WARNING" in said and "can be read by others" in said, "no warning: " + said)
finally:
    if w.process and w.process.poll() is None:
        w.process.terminate()
        w.process.wait()
    w.close()
print("network: all as told")

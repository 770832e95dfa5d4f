"""A server's schedules over TLS: what is asked as if from another machine says what the files and the record say here."""
import json
import os
import re
import subprocess

import jsonschema

from server import Served, check, fail

w = Served()
try:
    reads = w.token("reads", "--scope", "read")
    w.token("runs", "--scope", "read,run")
    drills = w.workspace / "drills"
    rest = "owner: ana\nsteps:\n  - check: {command: [\"true\"]}\n"
    (drills / "orders.yaml").write_text(
        "drill: orders\ntitle: The orders\n" + rest +
        "schedule: {every: quarter, day: 2nd tuesday, at: \"10:00\", timezone: Europe/Berlin, freeze: [changes]}\ndue: every month\n")
    (drills / "surprise.yaml").write_text(
        "drill: surprise\n" + rest + "schedule: {every: month, day: 15, window: 09:00-16:00, timezone: America/New_York}\n")
    (w.workspace / "inventory/calendars.yaml").write_text("calendars:\n  changes: {file: gone.ics, fresh_for: 7d}\n")

    w.process = subprocess.Popen(
        [os.environ["MUSTER"], "-C", str(w.workspace), "serve"], text=True,
        env={**os.environ, "MUSTER_STATE": str(w.state)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for line in w.process.stdout:
        w.said += line
        if "served at" in line:
            w.url = re.search("https://[0-9.]+:[0-9]+", line)[0]
        if "Serving " in line:
            break
    else:
        fail("it does not serve:\n" + w.said)

    def there(*words, code=0, token="runs"):
        done = w.remote(token, "schedule", *words)
        check(done.returncode == code, "schedule %s: exit %d, not %d\n%s%s" % (words, done.returncode, code, done.stdout, done.stderr))
        return done.stdout + done.stderr

    # The same words as here, for people and for machines, also as if it were another day.
    at = ("--at", "2027-01-01T00:00:00Z")
    check(there("list", *at) == w.muster("schedule", "list", *at), "another list")
    for words in (("list", "--json"), ("next", "orders", "-n", "3"), ("next", "surprise", "-n", "3", "--json"), ("show", "orders"),
                  ("show", "asks", "--json")):
        check(there(*words, *at) == w.muster("schedule", *words, *at), "not as here: %s" % (words,))
    check("in the way: changes: " in there("next", "orders", *at), "a calendar that is gone is not told of")
    check("orders: overdue: it never passed" in there("overdue", code=7), "what is overdue is not told")
    check("has no schedule" in there("next", "asks", code=2), "a drill without a schedule has times")
    check("there is no drill 'nothing'" in there("show", "nothing", code=1), "a drill that is not there")
    check("works on a workspace of this machine" in there("ics", code=2), "a feed from afar")

    # Held and resumed from there; who may only read may not.
    check("no scope `run`" in there("hold", "orders", "--reason", "x", code=1, token="reads"), "held by who may read")
    there("hold", "orders", "--reason", "the auditors are here")
    check("(held by token:runs: the auditors are here)" in there("list"), "nobody sees who holds it")
    check("(held by token:runs: the auditors are here)" in w.muster("schedule", "show", "orders"), "nobody sees it here")
    check("held already" in there("hold", "orders", "--reason", "again", code=1), "held twice")
    there("resume", "orders")
    check("held by" not in there("list"), "still held")

    # What the document says is so.
    document = json.loads(w.ask("/v1/openapi.json", token=reads)[1])
    for target, path in (("/v1/schedules", "/v1/schedules"), ("/v1/drills", "/v1/drills"),
                         ("/v1/drills/surprise/times?count=2", "/v1/drills/{drill}/times"),
                         ("/v1/drills/small/times", "/v1/drills/{drill}/times")):
        status, body = w.ask(target, token=reads)
        check(status == 200, "%s: %d %s" % (target, status, body))
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(schema).validate(json.loads(body))
    check(w.ask("/v1/drills?at=tomorrow", token=reads)[0] == 400, "a time that is none")
    check(w.ask("/v1/drills/orders/times?count=1001", token=reads)[0] == 400, "too many times")

    w.process.terminate()
    check(w.process.wait(timeout=30) == 0, "it did not end in order")
finally:
    if w.process and w.process.poll() is None:
        w.process.kill()
        w.process.wait()
    w.close()
print("schedules from afar: all as told")

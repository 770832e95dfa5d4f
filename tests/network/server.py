"""A run that is served over TLS on loopback, its tokens, and those who ask: shared by the tests of the network."""
import json
import os
import pathlib
import re
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "audit"))
import world  # noqa: E402

fail, call = world.fail, world.call

HOSTS = world.HOSTS
DRILL = """drill: asks
owner: ana
targets: {here: here}
roles: {dba: {holder: ana}}
steps:
  - {name: A command, run: [echo, hello], target: here, undo: ["true"]}
  - {name: Somebody decides, id: decide, ask: dba, say: "Which one is it?", answer: {which: {type: string}}, within: 60s, late: fail}
  - {name: The machine answers, check: {command: ["true"], on_host: here}}
"""


def check(holds, what):
    if not holds:
        fail(what)


def openssl(*words, cwd):
    done = call(["openssl", *words], cwd=cwd)
    check(done.returncode == 0, "openssl %s: %s" % (words, done.stderr))


class Papers:
    """An authority, and what it signs."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
                "ca.key", "-out", "ca.crt", "-subj", "/CN=authority", cwd=folder)
        self.ca = folder / "ca.crt"
        self.give()

    def give(self):
        names = self.folder / "san"
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key", "-out",
                "server.csr", "-subj", "/CN=muster", cwd=self.folder)
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "san", "-out", "server.crt", cwd=self.folder)
        os.chmod(self.folder / "server.key", 0o600)


class Served(world.World):
    """The workspace, with a server.yaml and a drill that waits for a person."""

    def __init__(self):
        super().__init__()
        self.papers = Papers(self.folder / "tls")
        (self.workspace / "drills/asks.yaml").write_text(DRILL)
        (self.workspace / "inventory/server.yaml").write_text(
            "server:\n  listen: 127.0.0.1:0\n  requests_per_second: 200\n"
            "  tls: {certificate: %s/server.crt, key: %s/server.key}\n" % (self.papers.folder, self.papers.folder))
        self.process, self.said = None, ""
        self.tokens = {}

    def token(self, name, *words):
        done = self.try_muster("token", "new", name, *words)
        check(done.returncode == 0, "token new %s: %s" % (name, done.stderr))
        text = done.stdout.strip()
        check(re.fullmatch("mst_[0-9a-f]{64}", text), "no token was shown: %r" % done.stdout)
        check(text not in done.stderr, "the token is shown twice")
        path = self.folder / (name + ".token")
        path.touch(mode=0o600)
        path.write_text(text + "\n")
        self.tokens[name] = text
        return text

    def begin(self):
        """Starts the drill; returns when its step waits."""
        self.process = subprocess.Popen(
            [os.environ["MUSTER"], "-C", str(self.workspace), "run", "asks", "--no-input"], text=True,
            env={**os.environ, "MUSTER_STATE": str(self.state)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in self.process.stdout:
            self.said += line
            if "served at" in line:
                self.url = re.search("https://[0-9.]+:[0-9]+", line)[0]
            if line.startswith("RUN "):
                self.run_id = line.split()[1]
            if "Which one is it?" in line:
                break
        else:
            fail("the drill did not come to its question:\n" + self.said)
        self.rest = threading.Thread(target=self.read_rest)
        self.rest.start()

    def read_rest(self):
        for line in self.process.stdout:
            self.said += line

    def end(self):
        """The run's exit code."""
        code = self.process.wait(timeout=60)
        self.rest.join()
        return code

    def ask(self, target, *words, token=None, headers=()):
        """(status, body) of curl. The token goes in by stdin, as it should."""
        lines = ["header = \"Authorization: Bearer %s\"" % token] if token else []
        lines += ["header = \"%s\"" % header for header in headers]
        done = call(["curl", "-s", "--max-time", "20", "--cacert", str(self.papers.ca), "-w", "\n%{http_code}", "-K", "-",
                     *words, self.url + target], input="\n".join(lines))
        body, _, status = done.stdout.rpartition("\n")
        return int(status or 0), body

    def remote(self, token, *words):
        """muster itself, as on another machine: without this workspace and state."""
        return call([os.environ["MUSTER"], "--server", self.url, "--ca", str(self.papers.ca), "--token-file",
                     str(self.folder / (token + ".token")), *words],
                    cwd="/", env={**os.environ, "MUSTER_STATE": str(self.folder / "nowhere")})

    def log(self, which):
        return [json.loads(line) for line in self.muster("audit", "log", which, "--json", "--names").splitlines()]

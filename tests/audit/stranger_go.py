"""Go's own implementation of notes and transparency logs (golang.org/x/mod/sumdb) verifies an export,
and refuses one with a spoilt tile."""
import os
import pathlib
import shutil
import sys

from world import World, call, fail, first_tile

GOPATH = pathlib.Path("/usr/share/gocode")


def built(folder):
    """The program, or None where Debian's golang-go or golang-golang-x-mod-dev is missing."""
    if not shutil.which("go") or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").exists():
        return None
    program = folder / "verify"
    source = pathlib.Path(__file__).resolve().parent / "go/main.go"
    env = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOPATH), "GOFLAGS": "", "GOTOOLCHAIN": "local",
           "GOCACHE": os.environ.get("GOCACHE", str(folder / "cache"))}
    done = call(["go", "build", "-o", str(program), str(source)], env=env)
    if done.returncode != 0:
        fail("go build: " + done.stderr)
    return program


def main():
    w = World()
    try:
        program = built(w.folder)
        if not program:
            print("SKIPPED: golang-go or golang-golang-x-mod-dev is missing")
            sys.exit(77)
        run = w.run()
        out = w.folder / "export"
        w.muster("audit", "export", out)
        key = w.muster("audit", "key", "show").strip()
        done = call([str(program), str(out), key])
        if done.returncode != 0 or ("run/" + run) not in done.stdout:
            fail("Go does not verify it: " + done.stdout + done.stderr)
        print(done.stdout, end="")
        tile = first_tile(out / "run" / run, "0")
        tile.write_bytes(tile.read_bytes()[:-1] + b"x")
        if call([str(program), str(out), key]).returncode == 0:
            fail("Go accepts a spoilt tile")
    finally:
        w.close()


if __name__ == "__main__":
    main()

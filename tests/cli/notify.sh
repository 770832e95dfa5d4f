#!/bin/sh
# notify.sh MUSTER: notices by the real binary to real servers on loopback: HTTP, HTTPS, SMTP, a command. What they got,
# what happens when they refuse, hang or die, and what a muster that was killed left for the next one.
set -eu
muster=${1:?the binary}
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"
needs python3 openssl
served=
stop() { # the receiver, which this script started
  [ -z "$served" ] || kill "$served" 2>/dev/null || true
  [ -z "$served" ] || wait "$served" 2>/dev/null || true
  served=
}
trap 'stop; rm -rf "$room"' EXIT
start() {
  rm -f "$room/s/ports"
  python3 "$here/notify_receiver.py" "$room/s" 2>"$room/receiver.log" &
  served=$!
  for _ in $(seq 200); do
    [ -f "$room/s/ports" ] && return
    sleep 0.1
  done
  cat "$room/receiver.log"
  exit 1
}
start
web=$(sed -n 's/^web=//p' "$room/s/ports") tls=$(sed -n 's/^tls=//p' "$room/s/ports") mail=$(sed -n 's/^mail=//p' "$room/s/ports")
export WEB_PORT="$web"
how() { echo "$1" >"$room/s/how"; }
# The ids that came, in order. The names of the files tell whether they were taken.
ids() { python3 - "$room/s/got" "$1" <<'END'
import json, pathlib, sys
for file in sorted(pathlib.Path(sys.argv[1]).glob(f"*-{sys.argv[2]}.body")):
    print(json.loads(file.read_bytes())["id"])
END
}

w=$room/w
"$muster" init "$w" >/dev/null
rm "$w"/drills/*.yaml
umask 077
printf 'canary-of-the-signing-key\n' >"$room/key"
printf 'canary-of-the-token\n' >"$room/token"
printf 'https://localhost:%s/services/canary-of-slack' "$tls" >"$room/slack"
cat >"$w/inventory/secrets.yaml" <<END
secrets: {key: {file: $room/key}, token: {file: $room/token}, slack: {file: $room/slack}}
END
channels() {
  cat >"$w/inventory/notifications.yaml" <<END
channels:
  plain: {webhook: {url: "http://127.0.0.1:$web/hook", secret: "\${secret.key}", headers: {Authorization: "Bearer \${secret.token}"}}}
  signed: {webhook: {url: "https://localhost:$tls/hook", secret: "\${secret.key}", ca: $room/s/ca.pem}}
  stranger: {webhook: {url: "https://localhost:$tls/hook"}}
  chat: {slack: {url: "\${secret.slack}"}}
  mail: {mail: {server: "smtp://127.0.0.1:$mail", from: muster@example.org, to: [ops@example.org, dba@example.org], tls: none}}
  needs_tls: {mail: {server: "smtp://127.0.0.1:$mail", from: muster@example.org, to: [ops@example.org]}}
  hook: {command: [sh, -c, "cat >$room/hook.json; echo noted"]}
  slow: {command: [sleep, "60"]}
routes:
  - {events: [start, verdict], to: [$1]}
  - {events: [verdict], to: [mail, hook]}
END
}
channels plain
status 0 "$muster" -C "$w" check
cat >"$w/drills/hello.yaml" <<'END'
drill: hello
title: "Hällo <!channel> & welcome"
owner: me
steps: [{tell: hello}]
END

# Each way by hand: what came back is said.
status 0 "$muster" -C "$w" notify test plain
holds "plain took it: HTTP 200: thanks" "$room/out"
status 0 "$muster" -C "$w" notify test signed
status 0 "$muster" -C "$w" notify test mail
holds "SMTP 250: taken for ops@example.org, dba@example.org" "$room/out"
status 0 "$muster" -C "$w" notify test hook
holds "exit 0: noted" "$room/out"
grep -q '"banner":"EXERCISE' "$room/hook.json" || wrong "the command did not get the notice"
# A certificate that nobody vouches for, a server without TLS, a redirect, a refusal, a channel that is not there.
status 1 "$muster" -C "$w" notify test stranger
holds "certificate" "$room/out"
status 1 "$muster" -C "$w" notify test chat # of the same authority
holds "certificate" "$room/out"
lacks "canary-of-slack" "$room/out"
status 1 "$muster" -C "$w" notify test needs_tls
how redirect
status 1 "$muster" -C "$w" notify test plain
holds "a redirect is not followed" "$room/out"
how error
status 1 "$muster" -C "$w" notify test plain
holds "HTTP 503: out of order: Bearer [secret token]" "$room/out"
how ok
status 2 "$muster" -C "$w" notify test plane
holds "there is: plain, signed" "$room/out"

# What came is whole, and the document's own snippet says that it is ours.
python3 - "$room" "$here/../../docs/notifications.md" <<'END' || wrong "what the receivers got is not as told"
import base64, email, email.policy, json, pathlib, re, sys
room, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()
scope = {}
exec(re.search(r"```python\n(.*?)```", page, re.S).group(1), scope)
is_from_muster, key = scope["is_from_muster"], b"canary-of-the-signing-key"
webs = sorted((room / "s/got").glob("*-web.body"))
assert len(webs) == 2, webs
for web in webs:
    body, headers = web.read_bytes(), json.loads(web.with_suffix(".headers").read_text())
    signature = headers["Muster-Signature"]
    assert is_from_muster(key, signature, body)
    assert not is_from_muster(key, signature, body + b" ")
    assert not is_from_muster(b"another", signature, body)
    assert not is_from_muster(key, signature.replace("t=1", "t=0", 1), body)
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["exercise"] is True
mail = email.message_from_bytes(sorted((room / "s/got").glob("*-mail.body"))[0].read_bytes(), policy=email.policy.default)
assert mail["Subject"].startswith("[EXERCISE] no-drill: "), mail["Subject"]
assert mail["To"].addresses[1].addr_spec == "dba@example.org"
assert "EXERCISE — NOT A REAL INCIDENT" in mail.get_content()
END

# A run tells by itself, and its verdict and time are what they are without.
rm "$room"/s/got/*
status 3 timeout 60 "$muster" -C "$w" run hello
[ "$(ids web | sed 's/.*-[0-9a-f]*\///')" = "$(printf 'start\nverdict/INCONCLUSIVE-clean')" ] || wrong "the run told: $(ids web)"
python3 - "$room" <<'END' || wrong "the mail is not what was meant"
import email, email.policy, pathlib, sys
mail = email.message_from_bytes(next(pathlib.Path(sys.argv[1]).glob("s/got/*-mail.body")).read_bytes(), policy=email.policy.default)
assert "Hällo <!channel> & welcome" in mail.get_content(), mail.get_content()
END
status 0 "$muster" -C "$w" notify list
holds "Everything is delivered." "$room/out"

# Receivers that refuse or hang do not hold up a run; the first reason is told; they get it in the end.
rm "$room"/s/got/*
how error
before=$(date +%s)
status 3 timeout 60 "$muster" -C "$w" run hello
[ $(($(date +%s) - before)) -lt 25 ] || wrong "a receiver that refuses held up the run"
status 0 "$muster" -C "$w" notify list
holds "HTTP 503" "$room/out"
lacks "canary" "$room/out"
how ok
status 0 "$muster" -C "$w" notify retry
[ "$(ids web | sort | uniq -d)" = "" ] || wrong "told twice without need: $(ids web)"
[ "$(ids web | wc -l)" = 2 ] || wrong "the second time it was told: $(ids web)"

# Killed in the middle of a delivery: the next process tells it, with the same id.
rm "$room"/s/got/*
how hang
count=$("$muster" -C "$w" runs | grep -c INCONCLUSIVE)
"$muster" -C "$w" run hello >/dev/null 2>&1 </dev/null & # its last ten seconds are the waiting
running=$!
for _ in $(seq 100); do
  [ "$("$muster" -C "$w" runs 2>/dev/null | grep -c INCONCLUSIVE)" -gt "$count" ] && break
  sleep 0.1
done
kill -9 "$running"
wait "$running" 2>/dev/null || true
stop
start
mail=$(sed -n 's/^mail=//p' "$room/s/ports") # another port, and its mail may wait too
channels plain
status 0 "$muster" -C "$w" notify retry
last=$("$muster" -C "$w" runs | tail -n 1 | cut -d ' ' -f 1)
ids web | grep -q "^$last/verdict/" || wrong "what the killed one left was not told: $(ids web)"
status 0 "$muster" -C "$w" audit verify
lacks DAMAGED "$room/out"

# A drill that has become overdue is told of once: by `due --run`, by a server, and by no later process again.
rm "$room"/s/got/*
echo 'due: every month' >>"$w/drills/hello.yaml"
sed -i 's/\[start, verdict\]/[overdue]/; s/\[verdict\]/[overdue]/' "$w/inventory/notifications.yaml"
status 0 "$muster" -C "$w" due --run
[ "$(ids web)" = "hello/overdue/never" ] || wrong "due --run told: $(ids web)"
status 0 "$muster" -C "$w" due --run
: >"$room/serve.out"
serves() { # serves TEXT: a server until it has said TEXT
  "$muster" -C "$w" serve >"$room/serve.out" 2>&1 &
  server=$!
  for _ in $(seq 200); do
    grep -qF -- "$1" "$room/serve.out" && break
    sleep 0.1
  done
  holds "$1" "$room/serve.out"
  sleep 1 # it would be under way
  kill "$server"
  wait "$server" || true
}
serves "hello: overdue: it never passed"
[ "$(ids web)" = "hello/overdue/never" ] || wrong "it was told again: $(ids web)"
sed 's/drill: hello/drill: other/' "$w/drills/hello.yaml" >"$w/drills/other.yaml"
serves "other: overdue: it never passed"
serves "other: overdue: it never passed"
[ "$(ids web)" = "$(printf 'hello/overdue/never\nother/overdue/never')" ] || wrong "the server told: $(ids web)"
status 0 "$muster" -C "$w" audit log workspace --json
[ "$(grep -c '"action":"notice.queued".*other/overdue/never' "$room/out")" = 1 ] || wrong "the record does not have it once"

# A command that does not end is ended.
status 1 timeout 30 "$muster" -C "$w" notify test slow
holds "was killed" "$room/out"

# No secret is anywhere that Muster writes.
for canary in canary-of-the-signing-key canary-of-the-token canary-of-slack; do
  ! grep -rqF "$canary" "$room/state" "$w/reports" || wrong "$canary is in the record or a report"
done
finish "notices"

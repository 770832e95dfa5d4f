#!/usr/bin/env python3
"""notify_receiver.py FOLDER: other people's servers, on loopback: HTTP, HTTPS (a certificate of its own authority) and
SMTP. What they get is kept in FOLDER, one file each; FOLDER/how says how they answer: ok, error, hang, redirect."""
import http.server, json, os, pathlib, socketserver, ssl, subprocess, sys, threading, time

folder = pathlib.Path(sys.argv[1])
got = folder / "got"
got.mkdir(parents=True, exist_ok=True)
(folder / "how").write_text("ok")
lock = threading.Lock()
count = 0


def keep(kind, headers, body):
    global count
    with lock:
        count += 1
        name = got / f"{count:03}-{kind}"
    name.with_suffix(".headers").write_text(json.dumps(headers))
    name.with_suffix(".body").write_bytes(body)


class Web(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        how = (folder / "how").read_text().strip()
        if how == "hang":
            time.sleep(60)
        if how == "redirect":
            self.send_response(307)
            self.send_header("Location", self.path + "elsewhere")
            self.end_headers()
            return
        keep("error" if how == "error" else "web", dict(self.headers), body)
        self.send_response(503 if how == "error" else 200)
        self.end_headers()
        self.wfile.write(b"out of order: " + self.headers.get("Authorization", "").encode() if how == "error" else b"thanks")

    def log_message(self, *_):
        pass


class Post(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a mail."""

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 sink")
        said = []
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            said.append(line)
            if word == "DATA":
                self.say("354 go on")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part[1:] if part.startswith(b"..") else part
                keep("mail", said, body)
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


def certificates():
    run = lambda *words: subprocess.run(words, cwd=folder, check=True, capture_output=True)
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "ca.pem", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")


def start(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


certificates()
web = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("WEB_PORT", "0"))), Web)
tls = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
tls.socket = context.wrap_socket(tls.socket, server_side=True)
mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)
ports = f"web={start(web)}\ntls={start(tls)}\nmail={start(mail)}\n"
(folder / "ports.new").write_text(ports)
(folder / "ports.new").rename(folder / "ports")
threading.Event().wait()

#!/usr/bin/python3
"""dying_server.py STATE_FOLDER COMMAND...: a server that dies with a start unanswered.

Holds the store's lock and its socket as `muster serve` does. When it is told to start a drill it gives both up, runs
COMMAND, and hangs up without an answer.
"""

import fcntl
import os
import socket
import subprocess
import sys

STATUS = b'{"server":true,"version":"0","runs":[]}'


def request_of(connection):
    """The head of the next request, or b"" at the end; its body is read and let go."""
    text = b""
    while b"\r\n\r\n" not in text:
        piece = connection.recv(65536)
        if not piece:
            return b""
        text += piece
    return text


def main():
    folder, command = sys.argv[1], sys.argv[2:]
    path = os.path.join(folder, "muster.sock")
    lock = open(os.path.join(folder, "store.lock"), "r+")
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write(f"pid {os.getpid()} (muster serve)\n")
    lock.flush()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    print("serving", flush=True)
    while True:
        connection, _ = listener.accept()
        while request := request_of(connection):
            if request.startswith(b"POST"):
                os.unlink(path)
                lock.truncate(0)
                lock.close()
                subprocess.call(command)
                return
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(STATUS)}\r\n\r\n"
            connection.sendall(head.encode() + STATUS)


main()

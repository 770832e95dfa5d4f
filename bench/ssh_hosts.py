#!/usr/bin/python3
"""Thousands of hosts in one process, for bench/ssh_memory.sh: an SSH server on all of 127.0.0.0/8 that lets one key
in and answers every command with success. ssh_hosts.py PORT HOST_KEY AUTHORIZED_KEYS. Debian: python3-asyncssh."""
import asyncio
import resource
import sys
import warnings

warnings.simplefilter("ignore")
import asyncssh  # noqa: E402

port, host_key, authorized = int(sys.argv[1]), sys.argv[2], sys.argv[3]
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


def answer(process):
    process.exit(0)


async def main():
    await asyncssh.listen("0.0.0.0", port, server_host_keys=[host_key], authorized_client_keys=authorized,
                          process_factory=answer, kex_algs=["curve25519-sha256"], backlog=1024, login_timeout=600)
    print("listening", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())

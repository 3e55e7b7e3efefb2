#!/usr/bin/env python3
"""serving.py - run a command beside a server of its own.

    serving.py redis|postgres|web COMMAND [ARGUMENT...]

The server listens where no other does, and ends with the command. In the command's environment SERVER says
where it is: the path of a socket (redis, whose PORT is another way to it), a connection string (postgres), or
an address (web). Exit status: the command's.

web is a server of this file's own. /whole/LETTER/SIZE is so much text; /halves/LETTER/SIZE is, too, but the second half
waits for /release, after /shut; /waiting says how many do.
"""

import asyncio
import contextlib
import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 60
TRIES = 5


def run_server(words, signal, **options):
    """Started so that it ends with this process, however that ends."""
    return subprocess.Popen(["setpriv", "--pdeathsig", signal] + words, **options)


def comes_up(is_up, server):
    """Whether it does, once that is certain."""
    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            if is_up():
                return True
        time.sleep(0.02)
    return False


def listens(path):
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(path)
    return True


def is_ready(data):
    """PostgreSQL listens before it lets anybody in."""
    with open(os.path.join(data, "postmaster.pid")) as file:
        return file.read().rstrip().endswith("\nready")


def free_port():
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        return tcp.getsockname()[1]


@contextlib.contextmanager
def redis(folder):
    path = os.path.join(folder, "socket")
    for _ in range(TRIES):
        port = str(free_port())  # which somebody else may have by then
        server = run_server(
            ["redis-server", "--bind", "127.0.0.1", "--port", port, "--unixsocket", path]
            + ["--save", "", "--dir", folder, "--logfile", os.path.join(folder, "log")],
            "KILL",
        )
        if comes_up(lambda: listens(path), server):
            break
        server.kill()
        server.wait()
    else:
        sys.exit("redis-server does not start")
    try:
        yield {"SERVER": path, "PORT": port}
    finally:
        server.terminate()
        server.wait(PATIENCE)


def postgres_programs():
    """Debian has them in a folder of their version."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    return found[-1] if found else os.path.dirname(shutil.which("initdb") or "")


@contextlib.contextmanager
def postgres(folder):
    programs = postgres_programs()
    data = os.path.join(folder, "data")
    # It refuses to be root's.
    account = {}
    if os.geteuid() == 0:
        account = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    password = os.path.join(folder, "password")
    with open(password, "w") as file:
        file.write("open sesame\n")
    with open(os.path.join(folder, "log"), "w") as log:
        subprocess.run(
            [os.path.join(programs, "initdb"), "--no-sync", "-U", "crowd", "--pwfile", password]
            + ["--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "-D", data],
            check=True,
            cwd=folder,
            stdout=log,
            **account,
        )
        server = run_server(
            [os.path.join(programs, "postgres"), "-D", data, "-k", folder, "-h", ""]
            + ["-c", "max_connections=220", "-c", "fsync=off", "-c", "shared_buffers=16MB"],
            "QUIT",
            cwd=folder,
            stderr=log,
            **account,
        )
        try:
            if not comes_up(lambda: is_ready(data), server):
                sys.exit("postgres does not start")
            where = "host=%s user=crowd password='open sesame' dbname=postgres" % folder
            yield {"SERVER": where}
        finally:
            server.send_signal(2)  # disconnects whoever is left
            server.wait(PATIENCE)


class Web:
    def __init__(self):
        self.open = asyncio.Event()
        self.waiting = 0

    async def halves(self, stream, text):
        stream.write(text[: len(text) // 2])
        await stream.drain()
        self.waiting += 1
        await self.open.wait()
        self.waiting -= 1
        stream.write(text[len(text) // 2 :])

    async def answer(self, stream, path):
        words = path.strip("/").split("/")
        text = b""
        if words[0] in ("whole", "halves"):
            text = words[1].encode() * int(words[2])
        elif words[0] == "waiting":
            text = b"%d" % self.waiting
        elif words[0] == "shut":
            self.open.clear()
        elif words[0] == "release":
            self.open.set()
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text))
        if words[0] == "halves":
            await self.halves(stream, text)
        else:
            stream.write(text)
        await stream.drain()

    async def serve(self, requests, stream):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await requests.readuntil(b"\r\n\r\n")
                await self.answer(stream, head.split()[1].decode())
        stream.close()


async def run_web(started):
    server = await asyncio.start_server(Web().serve, "127.0.0.1", 0, backlog=1000)
    started(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@contextlib.contextmanager
def web(folder):
    ports = []
    there = threading.Event()

    def started(port):
        ports.append(port)
        there.set()

    threading.Thread(target=lambda: asyncio.run(run_web(started)), daemon=True).start()
    there.wait(PATIENCE)
    yield {"SERVER": "http://127.0.0.1:%d" % ports[0]}


def main():
    with tempfile.TemporaryDirectory(prefix="serving-") as folder:
        with {"redis": redis, "postgres": postgres, "web": web}[sys.argv[1]](folder) as where:
            return subprocess.run(sys.argv[2:], env=os.environ | where).returncode


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""crowd_proxy.py - how many downloads are in flight in a proxy at once, in how few OS threads.

    crowd_proxy.py PROGRAM DOWNLOADS THREADS

PROGRAM is tinyproxy's; to be run by serving.py with its web server. All downloads have to be half-way through at one
time, in THREADS at most, and have to come out whole. Exit status: 0 or 1.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE = 60
SIZE = 20000


def free_port():
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        return tcp.getsockname()[1]


def wait_until(what, holds, proxy):
    end = time.monotonic() + PATIENCE
    while not holds():
        if proxy.poll() is not None or time.monotonic() > end:
            sys.exit(f"{what}: it does not come to that (tinyproxy: {proxy.poll()})")
        time.sleep(0.02)


def accepts(port):
    with socket.socket() as tcp:
        return tcp.connect_ex(("127.0.0.1", port)) == 0


def ask(path):
    with urllib.request.urlopen(f"{os.environ['SERVER']}/{path}", timeout=PATIENCE) as answer:
        return answer.read()


def begin(port, letter):
    tcp = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    where = f"{os.environ['SERVER']}/halves/{letter}/{SIZE}"
    tcp.sendall(f"GET {where} HTTP/1.0\r\nConnection: close\r\n\r\n".encode())
    return tcp


def is_whole(tcp, letter):
    """Nobody closes a connection when all has arrived."""
    got = body = b""
    while len(body) < SIZE and (data := tcp.recv(65536)):
        got += data
        head, _, body = got.partition(b"\r\n\r\n")
    return b" 200 " in head.splitlines()[0] and body == letter.encode() * SIZE


def try_out(proxy, port, downloads, threads):
    wait_until("the proxy listens", lambda: accepts(port), proxy)
    ask("shut")
    letters = [chr(ord("a") + i % 26) for i in range(downloads)]
    begun = [begin(port, letter) for letter in letters]
    wait_until("all are half-way through", lambda: int(ask("waiting")) == downloads, proxy)
    used = len(os.listdir(f"/proc/{proxy.pid}/task"))
    print(f"{downloads} calls in flight in {used} OS threads", flush=True)
    ask("release")
    whole = sum(is_whole(tcp, letter) for tcp, letter in zip(begun, letters))
    if whole != downloads or used > threads:
        sys.exit(f"{whole} of {downloads} came out whole, in {used} OS threads")


def main():
    program, downloads, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
        settings.write(f"Port {port}\nListen 127.0.0.1\nTimeout 600\nMaxClients {2 * downloads}\nAllow 127.0.0.1\n")
        settings.write("LogLevel Error\n")
        settings.flush()
        proxy = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", program, "-d", "-c", settings.name])
        try:
            try_out(proxy, port, downloads, threads)
        finally:
            proxy.kill()
            proxy.wait()


main()

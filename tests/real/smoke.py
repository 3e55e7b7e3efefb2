#!/usr/bin/env python3
"""smoke.py - the other side of a program under test.

    smoke.py dns DNSMASQ      ask it over UDP and TCP
    smoke.py web NGINX        fetch files of several sizes, over kept and new connections
    smoke.py redis PROGRAM    be the server that hiredis's example talks to

Exit status 0 if every answer was right. Nothing waits for more than PATIENCE seconds.
"""

import getpass
import http.client
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 30


def free_port():
    """A port that nobody has for TCP and UDP."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(tcp.getsockname())
        return tcp.getsockname()[1]


def connected(port, server):
    """A connection to the server, once it listens."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except ConnectionRefusedError:
            if server.poll() is not None or time.monotonic() > end:
                sys.exit("the server does not listen")
            time.sleep(0.02)


def question(number, name):
    labels = b"".join(bytes([len(part)]) + part for part in name.split(b"."))
    return struct.pack(">6H", number, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def dns(program):
    port = free_port()
    server = subprocess.Popen(
        [program, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv"]
        + ["--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1"]
        + ["--pid-file", "--user=" + getpass.getuser(), "--port=%d" % port]
        + ["--address=/cohook.test/192.0.2.7"]
    )
    try:
        with connected(port, server) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            udp.settimeout(PATIENCE)
            for number in range(100):
                asked = question(number, b"host%d.cohook.test" % number)
                udp.sendto(asked, ("127.0.0.1", port))
                answer = udp.recv(512)
                assert answer[:2] == asked[:2] and answer.endswith(bytes([192, 0, 2, 7]))
            for number in range(20):
                asked = question(number, b"host.cohook.test")
                tcp.sendall(struct.pack(">H", len(asked)) + asked)
                with tcp.makefile("rb") as stream:
                    answer = stream.read(struct.unpack(">H", stream.read(2))[0])
                assert answer[:2] == asked[:2] and answer.endswith(bytes([192, 0, 2, 7]))
    finally:
        server.terminate()
        server.wait(PATIENCE)


CONFIGURATION = """
{user}
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ root {folder}; }}
        location /threads/ {{ alias {folder}/; aio threads; }}
        location /proxy/ {{ proxy_pass http://127.0.0.1:{port}/; }}
    }}
}}
"""


def fetch(connection, path, expected):
    connection.request("GET", path)
    reply = connection.getresponse()
    assert reply.status == 200 and reply.read() == expected, path


def web(program):
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        files = {"%d" % size: os.urandom(size) for size in (0, 1, 5000, 3000000)}
        for name, text in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(text)
        user = "user %s;" % getpass.getuser() if os.geteuid() == 0 else ""
        with open(os.path.join(folder, "conf"), "w") as file:
            file.write(CONFIGURATION.format(user=user, folder=folder, port=port))
        server = subprocess.Popen([program, "-p", folder, "-c", os.path.join(folder, "conf")])
        try:
            connected(port, server).close()
            for _ in range(10):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                for name, text in files.items():
                    for place in ("/", "/threads/", "/proxy/"):
                        fetch(connection, place + name, text)
                connection.close()
        finally:
            server.terminate()
            assert server.wait(PATIENCE) == 0


def bulk(text):
    return b"$%d\r\n%s\r\n" % (len(text), text)


def reply(store, command, *arguments):
    if command == b"SET":
        store[arguments[0]] = arguments[1]
        return b"+OK\r\n"
    if command == b"INCR":
        store[arguments[0]] = b"%d" % (int(store.get(arguments[0], 0)) + 1)
        return b":" + store[arguments[0]] + b"\r\n"
    if command == b"GET":
        return bulk(store[arguments[0]])
    if command == b"DEL":
        return b":%d\r\n" % (store.pop(arguments[0], None) is not None)
    if command == b"LPUSH":
        store.setdefault(arguments[0], []).insert(0, arguments[1])
        return b":%d\r\n" % len(store[arguments[0]])
    if command == b"LRANGE":
        return b"*%d\r\n" % len(store[arguments[0]]) + b"".join(map(bulk, store[arguments[0]]))
    return b"+PONG\r\n"


def serve(listener):
    store = {}
    connection = listener.accept()[0]
    with connection, connection.makefile("rb") as stream:
        while head := stream.readline():
            words = []
            for _ in range(int(head[1:])):
                length = int(stream.readline()[1:])
                words.append(stream.read(length + 2)[:-2])
            connection.sendall(reply(store, *words))


def redis(program):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        said = subprocess.run(
            [program, "127.0.0.1", "%d" % listener.getsockname()[1]],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE,
        ).stdout
    for line in ("PING: PONG", "GET foo: hello world", "INCR counter: 2", "9) element-0"):
        assert line in said, said


if __name__ == "__main__":
    {"dns": dns, "web": web, "redis": redis}[sys.argv[1]](sys.argv[2])

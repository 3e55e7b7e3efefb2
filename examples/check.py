#!/usr/bin/env python3
"""Runs one example through its paces, built with cc and with cohook-cc, and compares what is seen.

  check.py [--wrap 'COMMAND ARGS'] [--few] EXAMPLE CC-BINARY [COHOOK-BINARY]

Each scenario talks to the program over loopback, verifies what it can know by itself and returns a
transcript; the transcripts of the two builds must be equal. Servers are also asked for their number of
OS threads while all connections are open: one per connection from cc, a handful from cohook-cc.
"""

import argparse
import contextlib
import difflib
import hashlib
import os
import random
import re
import shlex
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'bench'))
import measure  # noqa: E402

ALARM = 240  # seconds after which a run counts as hanging
FEW_THREADS = 16  # a worker, libuv's pool and some slack


class Run:
  """How to run the binary at hand."""

  def __init__(self, binary, fibers, options):
    self.binary = os.path.abspath(binary)
    self.fibers = fibers
    self.wrap = shlex.split(options.wrap)
    self.connections = 20 if options.few else 200

  def serve(self, *argv):
    return measure.Server([self.binary, *map(str, argv)], wrap=self.wrap)

  def call(self, *argv, **how):
    return subprocess.run(
      self.wrap + [self.binary, *map(str, argv)], capture_output=True, text=True, **how)

  def check_threads(self, server):
    """With all connections open: fibers must have been fibers, threads threads."""
    threads = server.threads()
    if self.fibers:
      verify(threads <= FEW_THREADS, f'{threads} OS threads, more than {FEW_THREADS}')
    else:
      verify(threads > self.connections, f'{threads} OS threads for {self.connections} connections')


def verify(holds, what):
  if not holds:
    raise measure.Trouble(what)


def dial(port):
  connection = socket.create_connection(('127.0.0.1', port))
  connection.settimeout(ALARM)
  return connection


def receive(connection, length):
  data = b''
  while len(data) < length:
    piece = connection.recv(length - len(data))
    if not piece:
      break
    data += piece
  return data


def drain(connection):
  """Everything until the end of file."""
  data = b''
  while piece := connection.recv(1 << 16):
    data += piece
  return data


def noise(length):
  return random.Random(length).randbytes(length)


def finish(server, transcript):
  transcript.append(f'exit status {server.wait()}')
  return transcript


def exchange_large(connection, data):
  """Send DATA while reading the answer, end our direction, return the answer."""
  def send():
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)
  sender = threading.Thread(target=send, daemon=True)
  sender.start()
  answer = drain(connection)
  sender.join()
  return answer


def reset(connection):
  """Close with a RST instead of a FIN."""
  connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
  connection.close()


def echo(run):
  transcript = []
  large = noise(4 << 20)
  with run.serve(0, run.connections + 4) as server, contextlib.ExitStack() as opened:
    many = [opened.enter_context(dial(server.port)) for _ in range(run.connections)]
    for number, connection in enumerate(many):
      connection.sendall(b'hello from %d' % number)
    for number, connection in reversed(list(enumerate(many))):
      expected = b'hello from %d' % number
      verify(receive(connection, len(expected)) == expected, f'connection {number}: wrong bytes')
    run.check_threads(server)

    leaver = dial(server.port)
    leaver.sendall(b'x' * 100)
    reset(leaver)
    with dial(server.port) as connection:
      connection.sendall(b'last words')
      connection.shutdown(socket.SHUT_WR)
      transcript.append(f'after our end of file: {drain(connection)}')
    with dial(server.port) as connection:
      answer = exchange_large(connection, large)
      verify(answer == large, f'{len(large)} bytes sent, {len(answer)} came back or changed')
    with dial(server.port) as connection:
      transcript.append(f'silent connection: {exchange_large(connection, b"")}')
    opened.close()
    return finish(server, transcript)


HTTP_TALKS = [
  [b'GET /hello/you HTTP/1.1\r\nHost: h\r\n\r\n'],
  [b'GET /count HTTP/1.1\r\nHost: h\r\n\r\n' * 3],
  [b'POST /upper HTTP/1.1\r\ncontent-length: 11\r\n\r\nsmall words',
   b'GET /hello/again HTTP/1.1\r\nConnection: close\r\n\r\n', b'GET /never HTTP/1.1\r\n\r\n'],
  [b'GET /hello/old HTTP/1.0\r\n\r\n'],
  [b'GET /nothing HTTP/1.1\r\n\r\n', b'DELETE /hello/x HTTP/1.1\r\n\r\n'],
  [b'POST /hello/x HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
  [b'what\r\n\r\n'],
  [b'GET / HTTP/1.1\r\nno colon\r\n\r\n'],
  [b'POST /upper HTTP/1.1\r\nContent-Length: 12x\r\n\r\n'],
  [b'POST /upper HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n'],
  [b'POST /upper HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  [b'GET /' + b'a' * 5000 + b' HTTP/1.1\r\n\r\n'],
  [b'GET /hello/half HTTP/1.1\r\n'],
  [bytes([byte]) for byte in b'POST /upper HTTP/1.1\r\nContent-Length: 6\r\n\r\npieces'],
]


def http_talk(port, pieces):
  """Say it all, return all that is said to us. A server may close before it has read everything,
  which resets the connection sooner or later; what it said before counts."""
  data = b''
  with dial(port) as connection:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
      for piece in pieces:
        connection.sendall(piece)
    with contextlib.suppress(OSError):
      connection.shutdown(socket.SHUT_WR)
    with contextlib.suppress(ConnectionResetError):
      while piece := connection.recv(1 << 16):
        data += piece
  return data


def httpd(run):
  transcript = []
  idle = 5
  with contextlib.ExitStack() as opened:
    total = run.connections + len(HTTP_TALKS) + 1
    server = opened.enter_context(run.serve('-n', total, '-t', idle, 0))
    many = [opened.enter_context(dial(server.port)) for _ in range(run.connections)]
    for number, connection in enumerate(many):
      connection.sendall(b'GET /hello/%d HTTP/1.1\r\n\r\n' % number)
    for number, connection in enumerate(many):
      body = b'Hello, %d!\n' % number
      expected = (b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s'
                  % (len(body), body))
      verify(receive(connection, len(expected)) == expected, f'connection {number}: wrong bytes')
    run.check_threads(server)
    for connection in many[1:]:
      connection.close()
    for pieces in HTTP_TALKS:
      transcript.append(f'{b"".join(pieces)[:60]} -> {http_talk(server.port, pieces)}')
    newcomer = opened.enter_context(dial(server.port))
    transcript.append(f'silent for too long: {drain(many[0])}')
    transcript.append(f'silent from the start: {drain(newcomer)}')
    return finish(server, transcript)


class Backend(threading.Thread):
  """What the proxy forwards to: reads until the end of file, then sends it all back reversed."""

  def __init__(self):
    super().__init__(daemon=True)
    self.listener = socket.create_server(('127.0.0.1', 0), backlog=4096)
    self.port = self.listener.getsockname()[1]
    self.start()

  def run(self):
    with contextlib.suppress(OSError):
      while True:
        connection, _ = self.listener.accept()
        threading.Thread(target=self.answer, args=[connection], daemon=True).start()

  @staticmethod
  def answer(connection):
    with connection, contextlib.suppress(OSError):
      connection.sendall(drain(connection)[::-1])


def forward(run):
  transcript = []
  large = noise(3 << 20)
  backend = Backend()
  total = run.connections + 2
  with contextlib.ExitStack() as opened:
    server = opened.enter_context(run.serve(0, 'localhost', backend.port, total))
    many = [opened.enter_context(dial(server.port)) for _ in range(run.connections)]
    for number, connection in enumerate(many):
      connection.sendall(b'%05d' % number)
    with dial(server.port) as connection:
      answer = exchange_large(connection, large)
      verify(answer == large[::-1], f'{len(large)} bytes sent, {len(answer)} returned or changed')
    run.check_threads(server)
    for connection in many:
      connection.shutdown(socket.SHUT_WR)
    for number, connection in enumerate(many):
      answer = drain(connection)
      verify(answer == (b'%05d' % number)[::-1], f'connection {number}: {answer}')
    backend.listener.shutdown(socket.SHUT_RDWR)
    backend.listener.close()
    with dial(server.port) as connection:
      transcript.append(f'nobody behind it: {drain(connection)}')
    return finish(server, transcript)


def fnv(data):
  checksum = 0xcbf29ce484222325
  for byte in data:
    checksum = ((checksum ^ byte) * 0x100000001b3) & (1 << 64) - 1
  return checksum


def workers(run):
  files = {'empty': b'', 'line': b'one line\n'}
  files |= {f'noise{length}': noise(length) for length in (1, 8191, 8192, 8193, 100000)}
  transcript = []
  with tempfile.TemporaryDirectory() as folder:
    for name, data in files.items():
      with open(os.path.join(folder, name), 'wb') as file:
        file.write(data)
    for threads in 1, 3, 64:
      names = list(files) * 5
      done = run.call('-j', threads, *names, cwd=folder)
      expected = [f'{len(data):10} {data.count(10):8} {fnv(data):016x} {name}'
                  for name, data in files.items()] * 5
      expected.append(f'{len(names)} files, {threads} threads')
      verify(done.stdout.splitlines() == expected, f'unexpected output:\n{done.stdout}')
      transcript += [done.stdout, done.stderr, f'exit status {done.returncode}']
    done = run.call('line', 'missing', '.', cwd=folder)
    transcript += [done.stdout, done.stderr, f'exit status {done.returncode}']
  return transcript


class Host(threading.Thread):
  """A listener that does MANNERS to each connection."""

  def __init__(self, manners):
    super().__init__(daemon=True)
    self.manners = manners
    self.kept = []
    self.listener = socket.create_server(('127.0.0.1', 0))
    self.port = self.listener.getsockname()[1]
    self.start()

  def run(self):
    while True:
      connection, _ = self.listener.accept()
      self.kept.append(connection)
      self.manners(connection)


def full_listener(opened):
  """A port whose queue is full and stays so: connecting to it takes for ever."""
  listener = opened.enter_context(socket.socket())
  listener.bind(('127.0.0.1', 0))
  listener.listen(0)
  opened.enter_context(dial(listener.getsockname()[1]))
  return listener.getsockname()[1]


def closed_port(opened):
  holder = opened.enter_context(socket.socket())  # bound, so nobody else gets it; not listening
  holder.bind(('127.0.0.1', 0))
  return holder.getsockname()[1]


def probe(run):
  with contextlib.ExitStack() as opened:
    ports = {
      'greeter': Host(lambda c: c.sendall(b'220 at your service\r\n')).port,
      'silent': Host(lambda c: None).port,
      'hangup': Host(lambda c: c.close()).port,
      'full': full_listener(opened),
      'closed': closed_port(opened),
    }
    names = [f'127.0.0.1:{port}' for port in ports.values()]
    names += [f"localhost:{ports['greeter']}", 'localhost:no-such-service', 'nonsense']
    done = run.call('-t', 3000, *names)
    text = done.stdout
    for name, port in ports.items():
      text = re.sub(rf':{port}\b', f':{name}', text)
  expected = [
    '127.0.0.1:greeter says "220 at your service"',
    '127.0.0.1:silent accepted, then silence',
    '127.0.0.1:hangup hung up without a word',
    '127.0.0.1:full connect: no answer in time',
    '127.0.0.1:closed connect: Connection refused',
    'localhost:greeter says "220 at your service"',
  ]
  verify(text.splitlines()[:len(expected)] == expected, f'unexpected output:\n{text}')
  return [text, done.stderr, f'exit status {done.returncode}']


def account(run):
  transcript = []
  with run.serve(0, run.connections + 3) as server, contextlib.ExitStack() as opened:
    many = [opened.enter_context(dial(server.port)) for _ in range(run.connections)]
    for connection in many:
      connection.sendall(b'hello\nadd 1 2')  # all of them wait in the middle of a number
    for connection in many:
      verify(receive(connection, 17) == b"what is 'hello'?\n", 'no answer')
    run.check_threads(server)
    for number, connection in reversed(list(enumerate(many))):
      connection.sendall(b'3 -4\r\n')
      answer = receive(connection, 8)
      verify(answer == b'added 3\n', f'connection {number}: {answer}')
    reset(many.pop())
    leaver = dial(server.port)
    leaver.sendall(b'history\nhistory\n')
    reset(leaver)
    with dial(server.port) as connection:
      talk = b'balance\nwhat?\nadd\nadd 5 six\nadd -9\n\nhistory\nbalance'
      answer = exchange_large(connection, talk).decode().splitlines()
      changes = [line.split()[0] for line in answer if ' makes ' in line]
      verify(sorted(changes[:-2]) == sorted(['+1', '+23', '-4'] * run.connections), 'lost changes')
      transcript += [line for line in answer if ' makes ' not in line] + changes[-2:]
    with dial(server.port) as connection:
      transcript.append(f'silent connection: {exchange_large(connection, b"")}')
    opened.close()
    return finish(server, transcript)


def fibers(run):
  done = run.call()
  version, *rest = done.stdout.splitlines(keepends=True)
  with open(os.path.join(os.path.dirname(__file__), 'fibers.expected'), encoding='ascii') as file:
    expected = file.readlines()
  verify(re.match(r'cohook \d+\.\d+\.\d+$', version), f'no version: {version!r}')
  verify(rest == expected, 'unexpected output:\n' + ''.join(difflib.ndiff(expected, rest)))
  verify(done.returncode == 0 and not done.stderr, f'{done.returncode}: {done.stderr}')
  return rest


def summary(transcript):
  text = '\n'.join(transcript)
  return f'{len(transcript)} entries, {hashlib.sha256(text.encode()).hexdigest()[:16]}'


def main():
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument('--wrap', default='', help='run the example under this command')
  parser.add_argument('--few', action='store_true', help='fewer connections, for slow wrappers')
  parser.add_argument('--verbose', action='store_true', help='print the transcripts')
  parser.add_argument('example',
                      choices=['echo', 'httpd', 'forward', 'workers', 'probe', 'account', 'fibers'])
  parser.add_argument('binaries', nargs='+', metavar='BINARY', help='from cc, from cohook-cc')
  options = parser.parse_args()
  signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(measure.Trouble('it hangs')))
  transcripts = []
  try:
    for number, binary in enumerate(options.binaries):
      signal.alarm(ALARM)
      run = Run(binary, number > 0, options)
      transcripts.append(globals()[options.example](run))
      print(f'{os.path.basename(binary)}: {summary(transcripts[-1])}')
      if options.verbose:
        print('\n'.join(transcripts[-1]))
  except (measure.Trouble, OSError) as trouble:
    sys.exit(f'{os.path.basename(binary)}: {trouble}')
  for other in transcripts[1:]:
    if other != transcripts[0]:
      sys.exit('\n'.join(difflib.unified_diff(transcripts[0], other, 'cc', 'cohook-cc', lineterm='')))


if __name__ == '__main__':
  main()

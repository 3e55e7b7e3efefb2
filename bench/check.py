#!/usr/bin/env python3
"""Tests the load generator: it counts right, and it notices servers that do wrong.

  check.py LOAD SERVER-EPOLL

A benchmark is worth what its generator verifies, so most of this is about servers that corrupt, swap,
drop or invent bytes; each has to end with errors and a status that is not 0.
"""

import json
import os
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True  # the source tree stays as it is
import measure  # noqa: E402


SHORT = ('--seconds', '60', '--requests', '200')
# The kernel counts the CPU time of a thread that runs on and on at its ticks: 10 ms apart at most.
MANY_TICKS = ('--seconds', '0.2')


def load(binary, port, *options, length=SHORT):
  """(exit status, result or None, stderr) of one run."""
  done = subprocess.run(
    [binary, '--warmup', '0', *length, *map(str, options), '127.0.0.1', str(port)],
    capture_output=True, text=True, timeout=120, check=False)
  lines = [json.loads(line) for line in done.stdout.splitlines()]
  result = [line['result'] for line in lines if 'result' in line]
  return done.returncode, result[0] if result else None, done.stderr


class Liar(threading.Thread):
  """An echo server whose answer to the bytes of a request is ANSWER(bytes, count so far)."""

  def __init__(self, answer):
    super().__init__(daemon=True)
    self.answer = answer
    self.listener = socket.create_server(('127.0.0.1', 0))
    self.port = self.listener.getsockname()[1]
    self.start()

  def run(self):
    while True:
      connection, _ = self.listener.accept()
      threading.Thread(target=self.serve, args=[connection], daemon=True).start()

  def serve(self, connection):
    count = 0
    with connection:
      try:
        while data := connection.recv(1 << 16):
          answer = self.answer(data, count)
          if answer is None:
            return
          connection.sendall(answer)
          count += 1
      except ConnectionError:
        pass


class Swapper:
  """Gives a request the answer to the one before it, of whatever connection."""

  def __init__(self):
    self.lock = threading.Lock()
    self.last = None

  def __call__(self, data, count):
    with self.lock:
      answer, self.last = self.last or data, data
    return answer


def flip(data, count):
  if count < 20:
    return data
  return data[:-1] + bytes([data[-1] ^ 1])


LIARS = {
  'flips a bit': (flip, 'wrong bytes'),
  'says too much': (lambda data, count: data + b'x', 'bytes that nobody asked for'),
  'repeats the first answer': (Swapper(), 'wrong bytes'),
  'hangs up': (lambda data, count: data if count < 20 else None, 'closed by the server'),
}


def expect(holds, what, seen):
  if not holds:
    sys.exit(f'{what}: {seen}')
  print(f'{what}: as it should be')


def check_honest(binary, server):
  for connections, active, size in (1, 1, 12), (50, 50, 64), (50, 7, 1000), (20, 20, 300000):
    seen = load(binary, server.port, '--connections', connections, '--active', active, '--size', size)
    status, result, text = seen
    good = (status == 0 and not text and result['errors'] == 0
            and 200 <= result['requests'] < 200 + 256
            and 0 < result['p50_us'] <= result['p99_us'])
    expect(good, f'{active} of {connections} connections, {size} bytes', seen)
  seen = load(binary, server.port, '--server', server.pid, length=MANY_TICKS)
  status, result, text = seen
  expect(status == 0 and 0 < result['server_cpu_ns'] < 1e9 * result['seconds'] * 1.5,
         'the CPU time of the server', seen)


def main():
  binary, server_binary = sys.argv[1:]
  with measure.Server([server_binary, '0']) as server:
    check_honest(binary, server)
    seen = load(binary, server.port, '--send', r'@ a\r\n', '--expect', r'@ a\r\n')
    expect(seen[0] == 0 and not seen[2], 'a text of our own', seen)
    seen = load(binary, server.port, '--send', 'ping @', '--expect', 'pong @')
    expect(seen[0] == 1 and 'wrong bytes' in seen[2], 'a text that is not the answer', seen)
    server.stop()
  for name, (answer, message) in LIARS.items():
    seen = load(binary, Liar(answer).port, '--connections', 4)
    status, result, text = seen
    good = status == 1 and result and result['errors'] > 0 and message in text
    expect(good, f'a server that {name}', seen)
  seen = load(binary, server.port)
  expect(seen[0] == 2 and 'refused' in seen[2], 'nobody there', seen)


if __name__ == '__main__':
  main()

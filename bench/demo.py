#!/usr/bin/env python3
"""The demo: one server source, built with cc and with cohook-cc, under the same load, side by side.

The server is examples/httpd.c: plain pthreads, blocking calls, a thread per connection. Every connection
sends its next request when it has the reply to the last; the load generator checks every byte. The builds
take turns, each on one core while the load has another; the table shows the median of the turns.
Called by scripts/demo.sh.
"""

import argparse
import os
import resource
import shutil
import statistics
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
import measure  # noqa: E402

SERVERS = {'cc': 'examples/httpd-cc', 'cohook-cc': 'examples/httpd-cohook'}
REQUEST = r'GET /hello/@ HTTP/1.1\r\nHost: localhost\r\n\r\n'
REPLY = (r'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n\r\n'
         r'Hello, @!\n')
OTHER_FILES = 64  # descriptors of a process besides its connections
OTHER_THREADS = 500  # of the system besides the server's


class Progress:
  """One line that changes on a terminal, plain lines at each new stage elsewhere."""

  def __init__(self):
    self.terminal = sys.stdout.isatty()
    self.stage = None

  def show(self, stage, detail=''):
    if self.terminal:
      width = shutil.get_terminal_size().columns - 1
      print(f'\r\033[K{stage}{detail}'[:width + 4], end='', flush=True)
    elif stage != self.stage:
      print(stage, flush=True)
    self.stage = stage

  def clear(self):
    if self.terminal:
      print('\r\033[K', end='', flush=True)


def number_in(path):
  """The number in a file of /proc or /sys; infinite if there is none."""
  try:
    with open(path, encoding='ascii') as file:
      return float(file.read().split()[0])
  except (OSError, ValueError, IndexError):  # not there, or "max"
    return float('inf')


def pids_limit():
  """The smallest pids.max of the control groups that this process is in."""
  lowest = float('inf')
  with open('/proc/self/cgroup', encoding='utf-8') as groups:
    for line in groups:
      _, controllers, path = line.rstrip('\n').split(':', 2)
      if controllers not in ('', 'pids'):
        continue
      root = os.path.join('/sys/fs/cgroup', controllers)
      while True:
        lowest = min(lowest, number_in(os.path.join(root, path.lstrip('/'), 'pids.max')))
        if path in ('/', ''):
          break
        path = os.path.dirname(path)
  return lowest


def limits():
  """{what: how many connections it allows}, for a server with a thread for each of them."""
  _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
  found = {'descriptors (ulimit -Hn)': files - OTHER_FILES}
  threads = {
    'threads of this control group (pids.max)': pids_limit(),
    'threads of the system (kernel.threads-max)': number_in('/proc/sys/kernel/threads-max'),
    'process numbers (kernel.pid_max)': number_in('/proc/sys/kernel/pid_max'),
    'memory mappings (vm.max_map_count)': number_in('/proc/sys/vm/max_map_count') / 2,
  }
  if os.geteuid() != 0:
    _, processes = resource.getrlimit(resource.RLIMIT_NPROC)
    threads['processes of this user (ulimit -Hu)'] = (
      float('inf') if processes == resource.RLIM_INFINITY else processes)
  return found | {what: limit - OTHER_THREADS for what, limit in threads.items()}


def choose_connections(wanted):
  """As many as wanted if the limits allow it; says so if they do not."""
  what, most = min(limits().items(), key=lambda item: item[1])
  if most >= wanted:
    return wanted
  if most < 100:
    raise measure.Trouble(f'too few {what} for a demo')
  print(f'The limit on {what} allows {int(most):,} connections instead of {wanted:,}.')
  return int(most)


def raise_limits():
  """The servers inherit what this process may have."""
  for kind in resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (hard, hard))


def one_turn(options, name, connections, progress):
  server_core, load_core = measure.pinning()
  settings = ['--connections', connections, '--send', REQUEST, '--expect', REPLY,
              '--warmup', options.warmup, '--seconds', options.seconds]
  stage = f'httpd built with {name}'

  def step(message):
    if 'connected' in message:
      progress.show(f'{stage}: connecting', f" {message['connected']:,} of {connections:,}")
    else:
      progress.show(f'{stage}: under load', f" {message['seconds']:.1f} of {message['of']:.1f} s")

  progress.show(f'{stage}: starting')
  binary = os.path.join(options.build, SERVERS[name])
  with measure.Server([binary, '0'], core=server_core) as server:
    generator = os.path.join(options.build, 'bench/load')
    with measure.Load(generator, server, settings, load_core, step) as load:
      connected = load.connect()
      if connected != connections:
        raise measure.Trouble(f'{stage}: {connected} of {connections} connections are left')
      measure.settle(server)
      idle = {'threads': server.threads(), 'resident': server.resident(),
              'memory': server.memory()}
      result = load.measure()
    server.stop()
  return idle | {
    'cpu': result['server_cpu_ns'] / result['requests'], 'rate': result['requests_per_second'],
    'requests': result['requests'] + connections,
  }


def table(turns, connections):
  """Print the medians of both builds and their ratio."""
  def median(name, key):
    return statistics.median(turn[key] for turn in turns[name])

  def row(what, key, text, scale=1.0):
    values = [median(name, key) / scale for name in SERVERS]
    cells = ''.join(f'{text.format(value):>16}' for value in values)
    print(f'{what:<34}{cells}{values[1] / values[0]:>11.2f}x')

  print(f'{"":<34}' + ''.join(f'{name:>16}' for name in SERVERS) + f'{"ratio":>12}')
  row('OS threads', 'threads', '{:,.0f}')
  row('resident memory', 'resident', '{:,.1f} MiB', 2 ** 20)
  row('  with page tables, a connection', 'memory', '{:,.1f} KiB', 2 ** 10 * connections)
  row('CPU time a request', 'cpu', '{:,.2f} µs', 1e3)
  row('requests a second', 'rate', '{:,.0f}')


def explain(turns, connections):
  checked = sum(turn['requests'] for name in SERVERS for turn in turns[name])
  placed = ('the server on one core, the load on another' if None not in measure.pinning()
            else 'server and load on the same core, the only one: expect less of a difference')
  print(f"""
{checked:,} replies were checked byte by byte, all were right.
Measured on {measure.machine()}: {placed};
threads and memory with all {connections:,} connections open and idle, the rest with all of them
asking. Not in it: what the kernel keeps for each OS thread, such as its kernel stack.""")


def parse():
  parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
  parser.add_argument('--build', default='build', help='build directory (build)')
  parser.add_argument('--connections', type=int, default=5000, help='if the limits allow (5000)')
  parser.add_argument('--turns', type=int, default=3, help='of each build (3)')
  parser.add_argument('--seconds', type=float, default=3, help='measured time of each turn (3)')
  parser.add_argument('--warmup', type=float, default=0.5, help='seconds before it (0.5)')
  return parser.parse_args()


def main():
  options = parse()
  measure.sigterm_as_exception()
  connections = choose_connections(options.connections)
  raise_limits()
  print(f'examples/httpd.c, a thread per connection and blocking calls, built twice; '
        f'{connections:,} connections\n', flush=True)
  progress = Progress()
  turns = {name: [] for name in SERVERS}
  began = time.monotonic()
  try:
    for _ in range(options.turns):
      for name in SERVERS:
        turns[name].append(one_turn(options, name, connections, progress))
  finally:
    progress.clear()
  table(turns, connections)
  explain(turns, connections)
  print(f'Took {time.monotonic() - began:.0f} s for {options.turns} turns each.')


if __name__ == '__main__':
  try:
    main()
  except (measure.Trouble, OSError) as trouble:
    sys.exit(f'demo: {trouble}')
  except KeyboardInterrupt:
    print('demo: interrupted', file=sys.stderr)
    sys.exit(130)

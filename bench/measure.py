"""Starts the programs that are measured or checked, and reads what the kernel says of them.

Owns the life of the processes: everything started here is ended here, also on an exception. Used by
bench/run, bench/demo.py and examples/check.py. All numbers come from the kernel's own accounting:
/proc/PID/smaps_rollup, /proc/PID/status and the process's CPU clock.
"""

import json
import os
import re
import select
import signal
import subprocess
import time


class Trouble(Exception):
  """Something that makes the result worthless; its text is for the user."""


def sigterm_as_exception():
  """Let SIGTERM and SIGHUP unwind like ^C does, so that nothing is left running."""
  def unwind(number, frame):
    raise KeyboardInterrupt
  signal.signal(signal.SIGTERM, unwind)
  signal.signal(signal.SIGHUP, unwind)


def pinning():
  """(core for the server, core for the load); None where there is only one core to share."""
  cores = sorted(os.sched_getaffinity(0))
  return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


def on_core(core):
  """For preexec_fn: the new process stays on CORE, if there is one."""
  return None if core is None else lambda: os.sched_setaffinity(0, {core})


class Server:
  """A running server that has announced its port; a context manager."""

  def __init__(self, argv, env=None, core=None, wrap=()):
    self.name = os.path.basename(argv[0])
    self.process = subprocess.Popen(
      list(wrap) + list(argv), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
      env={**os.environ, **(env or {})}, preexec_fn=on_core(core), text=True)
    self.pid = self.process.pid
    try:
      self.port = self._announced_port()
    except BaseException:
      self.kill()
      raise

  def _announced_port(self):
    ready, _, _ = select.select([self.process.stdout], [], [], 60)
    line = self.process.stdout.readline() if ready else ''
    match = re.match(r'listening on \S+:(\d+)$', line)
    if not match:
      raise Trouble(f'{self.name} did not start: it said {line!r}, status {self.process.poll()}')
    return int(match.group(1))

  def __enter__(self):
    return self

  def __exit__(self, kind, value, trace):
    self.kill()

  def kill(self):
    if self.process.poll() is None:
      self.process.kill()
    self.process.wait()
    self.process.stdout.close()

  def stop(self):
    """End it; it is an error if it has ended by itself before."""
    if self.process.poll() is not None:
      raise Trouble(f'{self.name} ended by itself with status {self.process.returncode}')
    self.process.terminate()
    self.process.wait(timeout=60)

  def wait(self, seconds=60):
    """Wait for it to end by itself; its exit status."""
    try:
      return self.process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
      raise Trouble(f'{self.name} did not end although its last connection has') from None

  def _status(self, key):
    with open(f'/proc/{self.pid}/status', encoding='ascii') as status:
      for line in status:
        if line.startswith(key + ':'):
          return int(line.split()[1])
    raise Trouble(f'{self.name}: the kernel does not tell its {key}')

  def threads(self):
    return self._status('Threads')

  def resident(self):
    """Bytes of memory in RAM, exact (VmRSS of /proc/PID/status is not)."""
    with open(f'/proc/{self.pid}/smaps_rollup', encoding='ascii') as rollup:
      return 1024 * int(re.search(r'^Rss:\s+(\d+)', rollup.read(), re.M).group(1))

  def memory(self):
    """Bytes of memory of the process's own: resident, and the page tables for it."""
    return self.resident() + 1024 * self._status('VmPTE')


class Load:
  """One run of the load generator against a server; a context manager.

  connect() returns when every connection is open, has been served once and is idle; measure() then
  runs the load and returns the generator's result as a dict.
  """

  def __init__(self, binary, server, options, core=None, progress=None):
    self.progress = progress
    self.process = subprocess.Popen(
      [binary, '--pause', '--progress', '--server', str(server.pid)]
      + [str(option) for option in options] + ['127.0.0.1', str(server.port)],
      stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=on_core(core), text=True)

  def __enter__(self):
    return self

  def __exit__(self, kind, value, trace):
    if self.process.poll() is None:
      self.process.kill()
    self.process.wait()
    self.process.stdin.close()
    self.process.stdout.close()

  def _expect(self, wanted):
    for line in self.process.stdout:
      message = json.loads(line)
      if wanted in message:
        return message[wanted]
      if self.progress and 'progress' in message:
        self.progress(message['progress'])
    raise Trouble(f'the load generator gave up with status {self.process.wait()}')

  def connect(self):
    return self._expect('connected')

  def measure(self):
    self.process.stdin.write('go\n')
    self.process.stdin.flush()
    result = self._expect('result')
    if self.process.wait(timeout=60) != 0 or result['errors']:
      raise Trouble(f"{result['errors']} errors under load")
    return result


def settle(server):
  """Wait until the server has gone to sleep: its CPU clock stands still for a while."""
  clock = (~server.pid << 3) | 2  # clock_getcpuclockid(3)
  before, until = -1, time.monotonic() + 10
  while time.monotonic() < until:
    now = time.clock_gettime_ns(clock)
    if now - before < 200_000:
      return
    before = now
    time.sleep(0.05)


def machine():
  """What the numbers were taken on, in one line."""
  with open('/proc/cpuinfo', encoding='utf-8') as cpuinfo:
    model = re.search(r'^(?:model name|Hardware|CPU part)\s*:\s*(.*)$', cpuinfo.read(), re.M)
  kernel = '.'.join(os.uname().release.split('.')[:2])
  cores = len(os.sched_getaffinity(0))
  return (f"{model.group(1) if model else os.uname().machine}, {cores} core{'s' * (cores > 1)}, "
          f"Linux {kernel}")

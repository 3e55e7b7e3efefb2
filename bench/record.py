"""Builds a real project once and keeps the command lines that its compiler got.

Owns the folder of a project: a copy of its source, built where it stays, one file per call of the compiler,
and the sources of conftests, which configure scripts remove. Used by bench/compile.
"""

import glob
import os
import shutil
import stat
import subprocess

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
FETCH = os.path.join(HERE, '..', 'tests', 'real', 'fetch-source.sh')

RECIPES = {  # name: commands that build it; %(cc)s is the recording compiler
  'curl': ['./configure CC=%(cc)s --with-openssl --without-libpsl --disable-ldap',
           'make -j%(jobs)d -C lib', 'make -j%(jobs)d -C src'],
  'nginx': ['./configure --with-cc=%(cc)s --with-threads --without-http_rewrite_module',
            'make -j%(jobs)d'],
  'redis': ['make -j%(jobs)d CC=%(cc)s MALLOC=libc'],
  'zlib': ['CC=%(cc)s ./configure', 'make -j%(jobs)d'],
}

# Where the build of a source only starts; what is a link or a question does not count.
SOURCES = ('.c',)
PROBES = ('conftest', 'autotest', 'ztest')

RECORDER = '''#!/bin/sh
# Keeps the command line, and the source where it is one that will be removed.
file=$(mktemp %(folder)s/XXXXXXXXXX)
printf '%%s\\0' "$PWD" "$@" >"$file"
for word; do
	case ${word##*/} in
	conftest.c | autotest.c | ztest*.c) cp "$word" "$file.c" ;;
	esac
done
exec %(compiler)s "$@"
'''


class Missing(Exception):
  """A project cannot be had here; its text says why."""


class Command:
  """One call of the compiler."""

  def __init__(self, record, scratch):
    with open(record, encoding='utf-8', errors='surrogateescape') as file:
      self.folder, *self.arguments = file.read().split('\0')[:-1]
    self.sources = [word for word in self.arguments
                    if word.endswith(SOURCES) and not word.startswith('-')]
    self.saved = record + '.c' if os.path.exists(record + '.c') else None
    self.kind = self._kind()
    if self.kind == 'probe':
      self.folder = scratch

  def _kind(self):
    if len(self.sources) != 1 or '-E' in self.arguments:
      return 'other'
    if self.saved:
      return 'probe'
    there = os.path.exists(os.path.join(self.folder, self.sources[0]))
    return 'unit' if '-c' in self.arguments and there else 'other'

  def __str__(self):
    return self.sources[0]

  def prepare(self):
    """Have the source and the folders that builds remove."""
    named = [word for option, word in zip(self.arguments, self.arguments[1:]) if option == '-o']
    for word in named + self.sources:
      os.makedirs(os.path.dirname(os.path.join(self.folder, word)), exist_ok=True)
    if self.kind == 'probe':
      shutil.copyfile(self.saved, os.path.join(self.folder, self.sources[0]))


class Project:
  """A source with a recipe."""

  def __init__(self, name, options):
    self.name = name
    self.options = options
    self.folder = os.path.join(options.work, name)
    self.records = os.path.join(self.folder, 'records')
    self.copy = os.path.join(self.folder, 'source')

  def _source(self):
    for entry in self.options.source:
      name, folder = entry.split('=', 1)
      if name == self.name:
        return folder
    found = subprocess.run([FETCH, self.name, self.options.sources], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    if found.returncode:
      raise Missing(found.stderr.strip())
    return found.stdout.strip()

  def _recorder(self):
    path = os.path.join(self.folder, 'cc')
    with open(path, 'w', encoding='utf-8') as file:
      file.write(RECORDER % {'folder': self.records, 'compiler': self.options.compiler})
    os.chmod(path, stat.S_IRWXU)
    return path

  def _build(self):
    source = self._source()
    shutil.rmtree(self.folder, ignore_errors=True)
    os.makedirs(self.records)
    shutil.copytree(source, self.copy, symlinks=True)
    words = {'cc': self._recorder(), 'jobs': self.options.jobs}
    with open(os.path.join(self.folder, 'log'), 'w', encoding='utf-8') as log:
      for line in RECIPES[self.name]:
        done = subprocess.run(['sh', '-c', line % words], cwd=self.copy, stdout=log,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
          raise measure.Trouble(f'{self.name}: {line % words} failed, see {log.name}')
    with open(os.path.join(self.folder, 'complete'), 'w', encoding='ascii'):
      pass

  def commands(self):
    """What was recorded, in order; builds the project if that was not done yet."""
    if not os.path.exists(os.path.join(self.folder, 'complete')):
      self._build()
    scratch = os.path.join(self.folder, 'scratch')
    os.makedirs(scratch, exist_ok=True)
    files = [path for path in glob.glob(os.path.join(self.records, '*'))
             if not path.endswith('.c')]
    files.sort(key=lambda path: (os.stat(path).st_mtime_ns, path))
    return [Command(path, scratch) for path in files]

#!/usr/bin/env python3
"""Checks that bench/compile replays what a build did: two sources, two conftests and a link.

  check_compile.py BUILD COMPILER

Nothing here looks at the time that anything takes.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

PROJECT = {
  'configure': '#!/bin/sh\necho "int main(void) { return VALUE; }" >conftest.c\n'
               '"$CC" -DVALUE=0 conftest.c -o conftest || exit 1\n'
               '"$CC" conftest.c -o conftest 2>/dev/null && exit 1\nrm -f conftest*\n',
  'Makefile': 'program: quiet.o call.o\n\t$(COMPILER) $^ -o $@\n'
              '%.o: %.c\n\t$(COMPILER) -I include -c $< -o $@\nCOMPILER = ../cc\n',
  'quiet.c': '#include "quiet.h"\nint main(void) { return ZERO; }\n',
  'include/quiet.h': '#define ZERO 0\n',
  'call.c': '#include <unistd.h>\nint call(void) { return close(0); }\n',
}


def write(folder):
  for name, text in PROJECT.items():
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='ascii') as file:
      file.write(text)
  os.chmod(os.path.join(folder, 'configure'), 0o755)


def replayed(build, compiler, folder):
  """{kind: [(source, parsed)]} by bench/compile, which takes the project for zlib."""
  out = os.path.join(folder, 'samples')
  subprocess.run(
    [os.path.join(HERE, 'compile'), '--build', build, '--compiler', compiler, '--projects', 'zlib',
     '--source', f'zlib={folder}/source', '--work', f'{folder}/work', '--rounds', '2',
     '--jobs', '1', '--json', out], check=True)
  with open(out, encoding='ascii') as file:
    samples = json.load(file)
  for batch in (samples['units']['zlib'], samples['conftests']['zlib']):
    assert all(len(one['seconds']) == 2 for one in batch), batch
  return {kind: [(os.path.basename(one['command']), one['parsed']) for one in batches['zlib']]
          for kind, batches in samples.items()}


def main():
  build, compiler = sys.argv[1:]
  with tempfile.TemporaryDirectory() as folder:
    write(os.path.join(folder, 'source'))
    found = replayed(build, compiler, folder)
  expected = {'units': [('quiet.c', False), ('call.c', True)],
              'conftests': [('conftest.c', False), ('conftest.c', False)]}
  if found != expected:
    sys.exit(f'expected {expected}\nfound {found}')


if __name__ == '__main__':
  main()

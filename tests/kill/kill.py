"""kill.py - end the wrapper, or the compiler under it, at any of its system calls, and look what is left.

    kill.py --wrapper COHOOK-CC --compiler gcc --nth-call NTH_CALL [--samples N] [--seed N]

nth_call stops the wrapper before and after each system call. Without --samples every stop is tried in every
way, with it N of them. Then: nothing is in TMPDIR, the cache has whole files only, the object is not there or
whole; the wrapper ended by the signal, or it was too late for that. A compiler that was killed costs the
rewriting at most, not the build. Exit status: 0, 1, or 77 (skipped).

A signal to the wrapper alone goes to a compiler that writes nothing: what gcc's own children do after the
death of gcc is not the wrapper's matter. The whole group, as by ^C, gets it with the real one.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

SOURCE = """#include <unistd.h>
int f(int fd, char *b) { int unused_here; return (int)read(fd, b, 1) + close(fd); }
"""
SILENT = """#!/bin/sh
case "$*" in *-dM*) exec %s "$@" ;; esac
exec %s -fsyntax-only "$@"
"""
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
MANY = 5  # failures after which a run is not continued


class Place:
    """The folders of one try: a source, TMPDIR and the cache."""

    def __init__(self, root):
        self.root = root
        self.work = os.path.join(root, "work")
        self.tmp = os.path.join(root, "tmp")
        self.cache = os.path.join(root, "cache")
        self.report = os.path.join(root, "report")

    def clear(self, keep_cache):
        for folder in (self.work, self.tmp) + (() if keep_cache else (self.cache,)):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
        with open(os.path.join(self.work, "a.c"), "w") as file:
            file.write(SOURCE)

    def leftovers(self):
        """What should not be there."""
        found = ["tmp/" + name for name in os.listdir(self.tmp)]
        found += ["work/" + name for name in os.listdir(self.work) if name not in ("a.c", "a.o")]
        for folder, _, names in os.walk(self.cache):
            found += [
                os.path.join(os.path.relpath(folder, self.root), name)
                for name in names
                if not re.fullmatch(r"[\w-]+", name)
            ]
        return found

    def object(self):
        """The bytes of the object, None where there is none."""
        try:
            with open(os.path.join(self.work, "a.o"), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None


class Trial:
    def __init__(self, options, place, compiler):
        self.options = options
        self.place = place
        self.compiler = compiler
        self.whole = {None}

    def run(self, n, action, keep_cache=True):
        """(stops, status) after ACTION at stop N."""
        self.place.clear(keep_cache)
        environment = dict(
            os.environ, COHOOK_CC=self.compiler, TMPDIR=self.place.tmp, XDG_CACHE_HOME=self.place.cache, LC_ALL="C"
        )
        subprocess.run(
            [self.options.nth_call, str(n), str(action), self.place.report,
             self.options.wrapper, "-pipe", "-Wall", "-c", "a.c", "-o", "a.o"],
            cwd=self.place.work, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=True, timeout=120,
        )
        with open(self.place.report) as file:
            return tuple(int(word) for word in file.read().split())

    def learn(self):
        """The whole objects, and how many stops a run has that nothing happens to."""
        subprocess.run(
            [self.compiler, "-pipe", "-c", "a.c", "-o", "a.o"], cwd=self.place.work, check=True, stderr=subprocess.DEVNULL
        )
        self.whole.add(self.place.object())
        stops, status = self.run(0, "none")
        self.whole.add(self.place.object())
        if status:
            sys.exit("FAILED: the wrapper fails by itself: %d" % status)
        return stops

    def wrong(self, action, stops, n, status):
        """What is wrong after a run, as a list of texts."""
        found = ["left behind: " + name for name in self.place.leftovers()]
        if self.place.object() not in self.whole:
            found.append("half an object")
        if action == "child":
            wanted = [0]
        else:
            # The last stop is the one before the end, and the number of stops differs from run to run.
            wanted = [128 + abs(action)] + [0] * (n >= stops)
        if status not in wanted:
            found.append("status %d, not %s" % (status, wanted))
        return found


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wrapper", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--nth-call", required=True)
    parser.add_argument("--samples", type=int, help="for each way")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def ways(silent, real, number):
    """Pairs of a trial and what is done at a stop."""
    for trial in (silent, real):
        for which in SIGNALS:
            yield trial, int(which) if trial is silent else -int(which)
    yield real, "child"


def stops_to_try(stops, samples, number):
    """Half of a sample is from the last part, where there are children and files."""
    if not samples:
        return range(1, stops + 1)
    late = range(max(1, stops - 400), stops + 1)
    return [number.choice(late if i % 2 else range(1, stops + 1)) for i in range(samples)]


def try_all(given, silent, real):
    number = random.Random(given.seed)
    counted = {trial: trial.learn() for trial in (silent, real)}
    tried = failed = 0
    for trial, action in ways(silent, real, number):
        for n in stops_to_try(counted[trial], given.samples, number):
            stops, status = trial.run(n, action, keep_cache=bool(number.getrandbits(1)))
            tried += 1
            for text in trial.wrong(action, stops, n, status):
                failed += 1
                print("FAILED: %s at stop %d of about %d: %s" % (action, n, counted[trial], text), flush=True)
            if failed >= MANY:
                return tried, failed
    return tried, failed


def main():
    given = options()
    real = shutil.which(given.compiler)
    if not real:
        print("SKIP: there is no " + given.compiler)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as root:
        place = Place(root)
        silent = os.path.join(root, "silent")
        with open(silent, "w") as file:
            file.write(SILENT % (real, real))
        os.chmod(silent, 0o755)
        place.clear(False)
        if subprocess.run([given.nth_call, "0", "none", place.report, "true"], stderr=subprocess.DEVNULL).returncode:
            print("SKIP: processes cannot be traced here")
            sys.exit(77)
        tried, failed = try_all(given, Trial(given, place, silent), Trial(given, place, real))
    print("%d tries, %d failed" % (tried, failed))
    sys.exit(1 if failed or not tried else 0)


if __name__ == "__main__":
    main()

"""fuzz.py - units around the names of libc's functions, compiled plainly and through the wrapper.

    fuzz.py --wrapper COHOOK-CC --compiler gcc [--c++] [--seed N] [--count N] [--csmith] [--folder F]

Each unit must come out alike (trial.py says what that is). One that does not is made smaller and left in the
folder, with its seed and the command that tries it again. Exit status: 0, 1, or 77 (skipped).
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

import trial
import unit as units
from shrink import shrunk

MANY = 5  # failures after which a run is not continued


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wrapper", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--c++", dest="cxx", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--csmith", action="store_true", help="a program of csmith's in every unit")
    parser.add_argument("--no-shrink", action="store_true", help="leave units that fail as they are")
    parser.add_argument("--folder", default=".", help="for the units that fail")
    return parser.parse_args()


def skip(why):
    print("SKIP: " + why)
    sys.exit(77)


def hooked_names(wrapper):
    program = os.path.join(os.path.dirname(wrapper), "cohook")
    listed = subprocess.run([program, "hooks"], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return {row[0] for row in rows if row[1] != "THREAD" and row[2].startswith("co_")}


def smaller(unit, kind, folder, compilers):
    """Pieces first, then lines, then the flags that nothing depends on."""

    def fails(candidate):
        found = trial.difference(candidate, folder, compilers)
        return found is not None and found[0] == kind

    unit = unit.with_pieces(shrunk(unit.pieces, lambda p: fails(unit.with_pieces(p))))
    lines = "".join(unit.pieces).splitlines(keepends=True)
    unit = unit.with_pieces(shrunk(lines, lambda p: fails(unit.with_pieces(p))))
    fixed, flags = unit.arguments[:4], unit.arguments[4:]
    return unit.with_arguments(
        fixed + shrunk(flags, lambda f: fails(unit.with_arguments(fixed + f)))
    )


def report(seed, unit, found, options, compilers, scratch):
    name = os.path.join(os.path.abspath(options.folder), "failed-%d" % seed)
    unit.write(name)
    small = unit if options.no_shrink else smaller(unit, found[0], scratch, compilers)
    small.write(name + "-small")
    left = trial.difference(small, scratch, compilers)
    print("FAILED: seed %d: %s differ (written %s)" % (seed, found[0], ", ".join(unit.ways) or "plainly"))
    print((left or found)[1])
    print("the unit: %s, as small as it gets: %s-small" % (name, name))
    print("  cd %s-small && COHOOK_CC=%s %s %s" % (name, compilers.plain, compilers.wrapper, " ".join(small.arguments)))
    print("again: " + " ".join(
        [sys.executable, os.path.abspath(__file__), "--wrapper", options.wrapper, "--compiler", options.compiler,
         "--seed", str(seed)] + ["--c++"] * options.cxx + ["--csmith"] * options.csmith
    ), flush=True)


class Count:
    """What the units amounted to: a run in which nothing was ever rewritten is no test."""

    def __init__(self):
        self.units = self.compiled = self.rewritten = 0

    def add(self, folder):
        self.units += 1
        ours = folder + ".ours.o"
        if not os.path.exists(ours):
            return
        self.compiled += 1
        with open(ours, "rb") as file:
            self.rewritten += b"\0co_" in file.read()


def run(options, compilers, scratch):
    folder = os.path.join(scratch, "unit")
    failed, count = 0, Count()
    for seed in range(options.seed, options.seed + options.count):
        unit = units.make(seed, options.cxx, options.csmith)
        found = trial.difference(unit, folder, compilers)
        count.add(folder)
        if found:
            failed += 1
            report(seed, unit, found, options, compilers, folder)
        if failed == MANY:
            break
    print("%d units, %d compiled, %d rewritten, %d failed" % (count.units, count.compiled, count.rewritten, failed))
    if options.count > 10 and 2 * count.rewritten < count.units:
        print("FAILED: too few units are rewritten for this to be a test")
        failed += 1
    return 1 if failed else 0


def main():
    options = arguments()
    for program in (options.compiler, "objdump", "readelf", "nm"):
        if not shutil.which(program):
            skip("there is no " + program)
    if options.csmith and not shutil.which("csmith"):
        skip("there is no csmith")
    os.makedirs(options.folder, exist_ok=True)
    compilers = trial.Compilers(shutil.which(options.compiler), options.wrapper, hooked_names(options.wrapper))
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = os.path.join(scratch, "cache")
        sys.exit(run(options, compilers, scratch))


if __name__ == "__main__":
    main()

"""mutate.py - takes the protections out one by one and sees that the test for each fails.

    mutate.py --source DIR --check                        whether all rows of traps.txt still fit the sources
    mutate.py --source DIR --lit LIT.PY --folder DIR [--only WORDS]

traps.txt says what a row is. The sources are copied to the folder and built there; nothing else is touched.
Exit status: 0, or 1 when a protection can be taken out unseen.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGETS = ["cohook-cc", "cohook", "cohook-swap", "cohook_archive", "cohook_shared", "cohook_backend_facts"]


class Trap:
    """A row: what is protected, the tests for it, and the edits that take the protection out."""

    def __init__(self, words):
        self.words = words
        self.tests = []
        self.edits = []  # of a path, the text that is there, the text that takes its place

    def apply(self, source):
        """The texts of the files as they were, by path."""
        texts = {}
        for path, old, new in self.edits:
            text = read(source, path)
            texts.setdefault(path, text)
            write(source, path, text.replace(old, new))
        return texts


def read(source, path):
    with open(os.path.join(source, path)) as file:
        return file.read()


def write(source, path, text):
    with open(os.path.join(source, path), "w") as file:
        file.write(text)


def read_traps():
    traps = []
    with open(os.path.join(HERE, "traps.txt")) as file:
        for line in file:
            if line.startswith("trap "):
                traps.append(Trap(line[5:].strip()))
            elif line.startswith("test "):
                traps[-1].tests += line.split()[1:]
            elif line.startswith("file "):
                traps[-1].edits.append([line.split()[1], "", ""])
            elif line.startswith("-"):
                traps[-1].edits[-1][1] += line[1:]
            elif line.startswith("+"):
                traps[-1].edits[-1][2] += line[1:]
            elif line.strip() and not line.startswith("#"):
                sys.exit("traps.txt: what is this? " + line)
    return traps


def misfits(trap, source):
    """What in the row does not fit the sources."""
    for test in trap.tests:
        folder, name = os.path.split(os.path.join(source, "tests", "lit", test))
        if not any(found.startswith(name + ".") for found in os.listdir(folder)):
            yield "there is no test " + test
    if not trap.tests or not trap.edits:
        yield "it has no test or no edit"
    for path, old, _ in trap.edits:
        count = read(source, path).count(old)
        if count != 1:
            yield "%s has %s of:\n%s" % (path, count or "none", old)


def check(traps, source):
    status = 0
    for trap in traps:
        for misfit in misfits(trap, source):
            print("%s: %s" % (trap.words, misfit))
            status = 1
    return status


class Build:
    """A copy of the sources and what is built of it."""

    def __init__(self, source, folder, lit):
        self.source = source
        self.copy = os.path.join(folder, "source")
        self.build = os.path.join(folder, "build")
        self.lit = lit

    def prepare(self):
        shutil.rmtree(self.copy, ignore_errors=True)
        ignored = shutil.ignore_patterns(".git", "build", "build-asan", "build-tsan", "build-debug", "__pycache__")
        # With times of now: what an earlier run has built of mutants is older.
        shutil.copytree(self.source, self.copy, symlinks=True, ignore=ignored, copy_function=shutil.copy)
        configure = ["cmake", "-G", "Ninja", "-S", self.copy, "-B", self.build, "-DBUILD_TESTING=ON"]
        subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)

    def make(self):
        return subprocess.run(["ninja", "-C", self.build, *TARGETS], capture_output=True, text=True)

    def run(self, tests):
        """What lit says, by the name of the test: PASS, FAIL, UNSUPPORTED.."""
        shutil.rmtree(os.path.join(self.build, "tests", "lit", "cache"), ignore_errors=True)
        pattern = "|".join(r":: %s\." % re.escape(test) for test in tests)
        command = [sys.executable, self.lit, "-v", os.path.join(self.build, "tests", "lit"), "--filter", pattern]
        said = subprocess.run(command, capture_output=True, text=True).stdout
        return dict(reversed(found) for found in re.findall(r"^([A-Z]+): cohook :: (\S+)\.", said, re.M))


def survives(build, trap):
    """Why the row proves nothing, None if its tests fail."""
    texts = trap.apply(build.copy)
    made = build.make()
    results = {} if made.returncode else build.run(trap.tests)
    for path, text in texts.items():
        write(build.copy, path, text)
    if made.returncode:
        errors = re.findall("^.* error: .*", made.stdout, re.M)
        return "does not build: %s" % (errors[0] if errors else made.stdout[-400:])
    unseen = [test for test in trap.tests if results.get(test) in ("PASS", None)]
    return "%s did not notice" % " ".join(unseen) if unseen else None


def sound_tests(build, traps):
    """Those that pass as long as nothing is taken out."""
    if build.make().returncode:
        sys.exit("the sources do not build")
    results = build.run(sorted({test for trap in traps for test in trap.tests}))
    for test, result in sorted(results.items()):
        if result != "PASS":
            print("%s: %s before anything is taken out" % (test, result))
    return {test for test, result in results.items() if result == "PASS"}


def mutate(traps, build):
    build.prepare()
    sound = sound_tests(build, traps)
    bad = 0
    for trap in traps:
        trap.tests = [test for test in trap.tests if test in sound]
        if not trap.tests:
            print("skipped: " + trap.words, flush=True)
            continue
        why = survives(build, trap)
        bad += why is not None
        print("%s: %s%s" % ("UNSEEN" if why else "seen", trap.words, ": " + why if why else ""), flush=True)
    print("%d of %d protections can be taken out unseen" % (bad, len(traps)))
    return 1 if bad else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", required=True)
    parser.add_argument("--check", action="store_true", help="only whether the rows fit")
    parser.add_argument("--lit", help="lit's runner")
    parser.add_argument("--folder", help="for the copy")
    parser.add_argument("--only", default="", help="a regular expression for the words of a row")
    return parser.parse_args()


def main():
    options = arguments()
    traps = [trap for trap in read_traps() if re.search(options.only, trap.words)]
    status = check(traps, options.source)
    if status or options.check:
        return status
    return mutate(traps, Build(options.source, options.folder, options.lit))


sys.exit(main())

"""One unit, compiled plainly and through the wrapper, and what is different.

Both happen in a folder of the same name, since names are part of messages and of debugging information.
Alike are: the exit status, the messages to the byte, which files there are, dependency files, and the objects
but for the calls that were renamed (tests/lit/wrapper/Inputs/alike.sh). A hooked name that is left in the
object must be one that the wrapper says it kept.
"""

import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ALIKE = os.path.join(HERE, "..", "lit", "wrapper", "Inputs", "alike.sh")

# The mirrors are neither "leaf" nor "const", other fibers run in them: see compare-builds.sh. What clang knows of
# functions by their names it does not know of the mirrors.
PLAINLY = ["-w", "-D__leaf__=unused", "-D__const__=unused", "-fno-builtin"]


class Compilers:
    def __init__(self, plain, wrapper, hooks):
        self.plain = plain
        self.wrapper = wrapper
        self.hooks = hooks


class Result:
    def __init__(self, folder, command, environment):
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
        )
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr
        self.files = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                self.files[name] = file.read()


def environment(compilers):
    return dict(os.environ, COHOOK_CC=compilers.plain, LC_ALL="C")


def both(unit, folder, compilers, more=()):
    """The results, plain and ours; the objects stay beside FOLDER as FOLDER.plain.o and .ours.o."""
    results = []
    for kept, program in (("plain", compilers.plain), ("ours", compilers.wrapper)):
        unit.write(folder)
        result = Result(folder, [program, *unit.arguments, *more], environment(compilers))
        object_file = "%s.%s.o" % (folder, kept)
        if os.path.exists(object_file):
            os.unlink(object_file)
        if "unit.o" in result.files:
            shutil.move(os.path.join(folder, "unit.o"), object_file)
        results.append(result)
    return results


def objects_differ(folder):
    """What alike.sh has to say, None if it has nothing."""
    done = subprocess.run(
        ["sh", ALIKE, folder + ".plain.o", folder + ".ours.o"], capture_output=True, text=True
    )
    return done.stdout + done.stderr if done.returncode else None


def kept_names(unit, folder, compilers):
    """The names that the wrapper says it kept."""
    unit.write(folder)
    said = subprocess.run(
        [compilers.wrapper, "--cohook-emit", "--cohook-explain", *unit.arguments],
        cwd=folder, env=environment(compilers), stdin=subprocess.DEVNULL, capture_output=True,
    )
    return set(re.findall(r": (\w+): kept", said.stderr.decode(errors="replace")))


def unexplained(unit, folder, compilers):
    """Hooked names that the object of ours uses though the wrapper does not say that it kept them. What
    an asm label or a weakref names is a symbol of the unit's own making."""
    listed = subprocess.run(["nm", "-P", "-u", folder + ".ours.o"], capture_output=True, text=True)
    left = {line.split()[0] for line in listed.stdout.splitlines()} & compilers.hooks
    left -= set(re.findall(r'(?:asm__|weakref)\("(\w+)"\)', "".join(unit.pieces)))
    return left - kept_names(unit, folder, compilers) if left else set()


def difference(unit, folder, compilers):
    """A pair of the kind and a text that says what is different, None if nothing is."""
    plain, ours = both(unit, folder, compilers)
    if plain.status != ours.status:
        return "status", "plain %d, ours %d\n%s" % (plain.status, ours.status, ours.err.decode(errors="replace"))
    for stream in ("out", "err"):
        a, b = getattr(plain, stream), getattr(ours, stream)
        if a != b:
            return "messages", "--- plain\n%s--- ours\n%s" % (a.decode(errors="replace"), b.decode(errors="replace"))
    if sorted(plain.files) != sorted(ours.files):
        return "files", "plain %s, ours %s" % (sorted(plain.files), sorted(ours.files))
    for name in plain.files:
        if name != "unit.o" and plain.files[name] != ours.files[name]:
            return "files", name
    return object_difference(unit, folder, compilers) if plain.status == 0 else None


def plainly(arguments):
    """A local that stands for a mirror is a pointer: seen through, but where nothing at all is optimized."""
    level = [a for a in arguments if a.startswith("-O")][-1:]
    return PLAINLY + (["-O1"] if level in ([], ["-O0"]) else [])


def object_difference(unit, folder, compilers):
    if objects_differ(folder):
        both(unit, folder, compilers, plainly(unit.arguments))
        text = objects_differ(folder)
        if text:
            return "object", text
    left = unexplained(unit, folder, compilers)
    return ("names left", " ".join(sorted(left))) if left else None

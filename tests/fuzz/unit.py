"""Units: what the fuzz compiles, a folder's files and the arguments.

A unit follows from its seed alone. Its source is pieces, of which shrinking takes some away.
"""

import os
import random
import shutil
import subprocess

import layout
from grammar import Grammar, Writer

HERE = os.path.dirname(os.path.abspath(__file__))
C = Grammar(os.path.join(HERE, "c.grammar"))
CXX = Grammar(os.path.join(HERE, "c.grammar"), os.path.join(HERE, "cxx.grammar"))

SMALLEST, LARGEST = 3, 8  # items in a unit


class Unit:
    def __init__(self, source, pieces, files, arguments, ways):
        self.source = source
        self.pieces = pieces
        self.files = files
        self.arguments = arguments
        self.ways = ways

    def with_pieces(self, pieces):
        return Unit(self.source, pieces, self.files, self.arguments, self.ways)

    def with_arguments(self, arguments):
        return Unit(self.source, self.pieces, self.files, arguments, self.ways)

    def write(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for name, text in dict(self.files, **{self.source: "".join(self.pieces)}).items():
            with open(os.path.join(folder, name), "w", newline="") as file:
                file.write(text)


def csmith(seed):
    """A program of csmith's without its own headers, or None where it is not to be had."""
    program = shutil.which("csmith")
    if not program:
        return None
    limits = ["--max-funcs", "4", "--max-block-depth", "3", "--concise", "--nomain", "--no-checksum"]
    made = subprocess.run(
        [program, "--seed", str(seed), *limits], capture_output=True, text=True, timeout=60
    )
    if made.returncode:
        return None
    text = made.stdout.replace('#include "csmith.h"\n', "#include <stdint.h>\n")
    return "/* csmith, seed %d */\n%s\n" % (seed, text)


def make(seed, cxx=False, with_csmith=False):
    number = random.Random("%d %s" % (seed, "c++" if cxx else "c"))
    grammar = CXX if cxx else C
    writer = Writer(grammar, number)
    pieces = [writer.text("unit") + "\n"]
    pieces += [writer.text("item") + "\n" for _ in range(number.randint(SMALLEST, LARGEST))]
    if with_csmith and not cxx:
        text = csmith(seed)
        pieces.insert(number.randint(1, len(pieces)), text or "")
    files = {
        "shared.h": writer.text("header") + "\n",
        "body.inc": writer.text("inc") + "\n",
        "rows.def": writer.text("rows") + "\n",
    }
    arguments = ["-c", "unit.cc" if cxx else "unit.c", "-o", "unit.o"] + writer.text("flags").split()
    joined, ways = layout.varied("\0".join(pieces), number)
    if "trigraphs" in ways:
        arguments.append("-trigraphs")
    for name in files:
        if number.random() < 0.2:
            files[name] = layout.varied(files[name], number)[0]
    return Unit("unit.cc" if cxx else "unit.c", joined.split("\0"), files, arguments, ways)

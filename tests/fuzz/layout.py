"""Other ways to write the same text: what the first phases of translation undo.

Each of WAYS takes a text and random numbers. The meaning stays, also of directives: comments go where blanks
are, splices anywhere but in a raw string or a "??" of a trigraph.
"""

import re

TOKEN = re.compile(
    r'R"(\w*)\(.*?\)\1"|/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    r"|\\\n|\n|[ \t]+|\w+|#\s*include[^\n]*|.",
    re.S,
)
TRIGRAPHS = {"#": "??=", "[": "??(", "]": "??)", "{": "??<", "}": "??>", "|": "??!", "^": "??'"}
DIGRAPHS = {"[": "<:", "]": ":>", "{": "<%", "}": "%>"}
COMMENTS = ["/**/", "/* read(fd, b, 1) */", "/* ' */", '/* " */', "/* close(\n*/", "/*/ // */"]


def tokens(text):
    return [match.group(0) for match in TOKEN.finditer(text)]


def is_literal(token):
    return token[0] in "\"'" or token.startswith(("R\"", "//", "/*", "#")) or token == "\\\n"


def comments(text, random):
    """In place of blanks; one over several lines would move what __LINE__ is, but for both alike."""
    made, directive = [], False
    for token in tokens(text):
        if token == "\n":
            directive = False
        elif token.startswith("#"):
            directive = True
        blank = token.isspace() and token != "\n"
        if blank and not directive and random.random() < 0.15:
            token = random.choice(COMMENTS)
        made.append(token)
    return "".join(made)


def splices(text, random):
    """Backslash and newline in the middle of words, names of libc's functions among them."""
    made = []
    for token in tokens(text):
        if not is_literal(token) and len(token) > 1 and random.random() < 0.04 and token.isalnum():
            at = random.randrange(1, len(token))
            token = token[:at] + "\\\n" + token[at:]
        made.append(token)
    return "".join(made)


def replaced(text, random, table, chance):
    return "".join(
        table[t] if t in table and random.random() < chance else t for t in tokens(text)
    )


def trigraphs(text, random):
    return replaced(text, random, TRIGRAPHS, 0.3)


def digraphs(text, random):
    return replaced(text, random, DIGRAPHS, 0.3)


def crlf(text, _random):
    return text.replace("\n", "\r\n")


def narrow(text, random):
    """A token to a line, outside of directives."""
    lines = []
    for line in text.split("\n"):
        plain = not re.match(r"\s*#|.*\\$|.*//", line) and not (lines and lines[-1].endswith("\\"))
        if plain and 'R"' not in line and "/*" not in line and random.random() < 0.3:
            line = "\n".join(t for t in tokens(line) if not t.isspace())
        lines.append(line)
    return "\n".join(lines)


def wide(text, random):
    """Tabs and form feeds for blanks, nothing after the last line."""
    made = [random.choice(["\t", "  ", " \f", "\v"]) if t == " " else t for t in tokens(text)]
    return "".join(made).rstrip("\n")


def markers(text, random):
    """Lines that say where they come from."""
    lines = text.split("\n")
    at = [i for i, line in enumerate(lines) if line.startswith("int f")]
    for i in reversed(at):
        if random.random() < 0.4 and not lines[i - 1].endswith("\\"):
            lines.insert(i, random.choice(['#line 100 "gen.y"', "#line 3", '# 5 "unit.c"', '# 1 "x.h" 1 3']))
    return "\n".join(lines)


WAYS = [comments, splices, trigraphs, digraphs, crlf, narrow, wide, markers]


def varied(text, random):
    """TEXT as it is, half of the time, or written otherwise in one way or two."""
    if random.random() < 0.5:
        return text, []
    ways = random.sample(WAYS, random.choice([1, 1, 2]))
    for way in ways:
        text = way(text, random)
    return text, [way.__name__ for way in ways]

"""Grammars of units, and texts made by them.

A file of a grammar has rules: "== NAME", then alternatives with "--" between them; "==" and "--" stand at
the start of a line, what is before the first rule is a comment. In an alternative, $name is any text of that
rule and ${name}s the same with a letter after it. $NAME is chosen once and then stays within one text of
the rule "item"; $n is the number of that item. The same random numbers make the same text.
"""

import re

REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


class Grammar:
    def __init__(self, *paths):
        self.rules = {}
        for path in paths:
            self.read(path)

    def read(self, path):
        """The rules of a later file replace those of an earlier one; "== +NAME" adds to them."""
        with open(path) as file:
            parts = re.split(r"^== *(\+?)(\w+)\n", file.read(), flags=re.M)
        for more, name, body in zip(parts[1::3], parts[2::3], parts[3::3]):
            texts = [t.rstrip("\n") for t in re.split(r"^--\n", body.rstrip() + "\n", flags=re.M)]
            self.rules[name] = (self.rules[name] if more else []) + texts

    def names(self):
        return set(self.rules)


class Writer:
    """Makes texts by a grammar. Deep down, the first alternative of a rule ends the recursion."""

    DEEPEST = 9

    def __init__(self, grammar, random):
        self.grammar = grammar
        self.random = random
        self.items = 0
        self.chosen = {"n": "0"}  # outside of items

    def text(self, rule, depth=0):
        before = self.chosen
        if rule == "item":
            self.items += 1
            self.chosen = {"n": str(self.items)}
        alternatives = self.grammar.rules[rule]
        alternative = alternatives[0] if depth > self.DEEPEST else self.random.choice(alternatives)
        made = REFERENCE.sub(lambda m: self.referred(m.group(1) or m.group(2), depth + 1), alternative)
        self.chosen = before if rule == "item" else self.chosen
        return made

    def referred(self, name, depth):
        if name in self.chosen:
            return self.chosen[name]
        if not name.isupper():
            return self.text(name, depth)
        self.chosen[name] = self.text(name.lower(), depth)
        return self.chosen[name]

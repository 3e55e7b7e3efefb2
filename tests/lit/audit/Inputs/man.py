"""man.py PAGE PROGRAM [COMMAND...] - whether PAGE has the options that PROGRAM's --help has, and no
others, and an example of each; exit statuses too."""

import re
import subprocess
import sys

page = re.sub(r"\\f[BRIP]", "", open(sys.argv[1], encoding="utf-8").read()).replace("\\-", "-")
program, commands = sys.argv[2], sys.argv[3:]
EVERYWHERE = {"--help", "--usage", "--version"}
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")


def help_of(*words):
    out = subprocess.run([program, *words], stdout=subprocess.PIPE, text=True, check=True).stdout
    return out


def listed(text):
    """Options that begin a line of a --help."""
    return {
        option
        for line in text.splitlines()
        if re.match(r"\s{1,8}(-\w,\s+)?--", line)
        for option in OPTION.findall(re.match(r"\s*(-\w,\s+)?(--[a-z-]+)", line).group(2))
    }


def documented(text):
    """Options that head an entry, with whether an example follows."""
    entries = {}
    for entry in text.split("\n.TP\n")[1:]:
        head, _, body = entry.partition("\n")
        body = re.split(r"\n\.S[HS] ", body)[0]
        for option in OPTION.findall(head):
            entries[option] = "Example:" in body or "As above" in body
    return entries


def check(where, help_text, section):
    wanted, have = listed(help_text) - EVERYWHERE, documented(section)
    assert wanted == set(have) - EVERYWHERE, (where, sorted(wanted ^ (set(have) - EVERYWHERE)))
    assert wanted, where
    without = [option for option in wanted if not have[option]]
    assert not without, (where, "no example of", without)


if commands:
    general = help_of("--help")
    statuses = set(re.findall(r"(?m)^\.B (\d)$", page.split(".SH EXIT STATUS")[1]))
    assert statuses == {"0"} | set(re.findall(r"\b([1-9]) ", general.split("Exit status:")[1])), statuses
    for command in commands:
        assert "cohook " + command in general
        section = page.split(".SH COHOOK " + command.upper() + "\n")[1].split("\n.SH ")[0]
        check(command, help_of(command, "--help"), section)
else:
    text = help_of("--cohook-help")
    check(program, text, page.split(".SH OPTIONS")[1].split("\n.SH ")[0])
    variables = set(re.findall(r"(?m)^  (COHOOK_[A-Z]+)", text))
    assert variables == set(re.findall(r"(?m)^\.B (COHOOK_[A-Z]+)$", page)), variables

"""cases.py FOLDER COHOOK COHOOK-CC CC - audit the cases in FOLDER and look whether each has what it should.

FOLDER/rules/NAME and FOLDER/reasons/WORD have sources whose names begin with "yes", in which there is
such a finding, and with "no", in which there is none but some other. There must be both for each rule and
each reason that COHOOK lists, and none for what it does not. A first line "// flags: FLAGS" is for the
audit, "// compile: cc" or "cohook-cc" has the object audited instead. Leaves FOLDER/all.json.
"""

import json
import os
import subprocess
import sys
import sysconfig

folder, cohook, wrapper, plain = sys.argv[1:]
folder = os.path.realpath(folder)
compilers = {"cc": plain, "cohook-cc": wrapper}
wrong = []


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def listed(option):
    """What the program knows: the lines that are not indented, without what is in parentheses."""
    return {line.split(" (")[0] for line in run(cohook, "audit", option).splitlines() if line[:1] != " "}


def sources():
    for top, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith((".c", ".cpp")):
                yield os.path.join(top, name)


def first_line(path, key):
    line = open(path, encoding="utf-8").readline().strip()
    mark = "// " + key + ":"
    return line[len(mark) :].split() if line.startswith(mark) else []


def audit(name, *words):
    run(cohook, "audit", "--rules=all", "--format=json", "-o", name, *words, cwd=folder)


def is_at(finding, case, stem):
    places = [finding["location"]] + [finding[p] for p in ("expansion",) if p in finding]
    return any(
        place["file"].startswith(case + "/") and os.path.basename(place["file"]).startswith(stem) for place in places
    )


units, objects = [], []
for path in sources():
    here, name = os.path.split(path)
    stem, kind = os.path.splitext(name)
    compiler = first_line(path, "compile")
    if compiler:
        run(compilers[compiler[0]], "-c", name, "-o", stem + ".o", cwd=here)
        objects.append(os.path.relpath(os.path.join(here, stem + ".o"), folder))
        continue
    flags = [f.replace("MULTIARCH", sysconfig.get_config_var("MULTIARCH") or "") for f in first_line(path, "flags")]
    words = ["cc" if kind == ".c" else "c++", "-w", *flags, "-c", name, "-o", stem + ".o"]
    units.append({"directory": here, "file": name, "arguments": words})
    if os.path.exists(os.path.join(here, stem + ".su")):
        os.utime(os.path.join(here, stem + ".su"))
json.dump(units, open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8"))
audit("sources.json", "-p", ".")
audit("objects.json", "--binary", *objects)
audit("all.json", "sources.json", "objects.json")

findings = json.load(open(os.path.join(folder, "all.json"), encoding="utf-8"))["findings"]
word_of = {"rules": lambda f: f["rule"], "reasons": lambda f: f.get("reason", {}).get("id")}
for kind, option in ("rules", "--list-rules"), ("reasons", "--list-reasons"):
    known, have = listed(option), set(os.listdir(os.path.join(folder, kind)))
    wrong += [f"{kind}/{name}: there is no case of it" for name in known - have]
    wrong += [f"{kind}/{name}: there is no such thing" for name in have - known]
    for name in sorted(known & have):
        case = kind + "/" + name
        stems = {os.path.splitext(os.path.relpath(p, os.path.join(folder, case)))[0] for p in sources() if f"/{case}/" in p}
        signs = {os.path.basename(stem).split("-")[0] for stem in stems}
        if signs != {"yes", "no"}:
            wrong.append(f"{case}: there must be a yes and a no")
        for stem in sorted(stems):
            at = os.path.join(case, os.path.dirname(stem)).rstrip("/")
            these = [f for f in findings if is_at(f, at, os.path.basename(stem) + ".")]
            found = [f for f in these if word_of[kind](f) == name]
            if os.path.basename(stem).startswith("yes") != bool(found) or not these:
                wrong.append(f"{case}/{stem}: it has {sorted({str(word_of[kind](f)) for f in these})}")
print(*sorted(wrong), sep="\n")
sys.exit(len(wrong) > 0)

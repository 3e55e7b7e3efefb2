"""audit_recall.py COHOOK REPORT NOTES - whether a report has all that objects take from libc.

For each note of a unit that was compiled, NOTES/*.json, the object beside it is looked at: whatever
function of `cohook hooks` it refers to must be a site of that unit. Compilers make some calls of
others (printf of a string is puts); libc's headers do, too. Prints what is missing, and in numbers
how much there is. Exit status: 0, or 1 when something is missing or no object was found.
"""

import json
import os
import subprocess
import sys

cohook, report, notes = sys.argv[1:]
hooks = {
    row["name"]
    for row in json.loads(
        subprocess.run([cohook, "hooks", "--format=json"], stdout=subprocess.PIPE, check=True).stdout
    )["hooks"]
}
PRINTS = {"printf", "vprintf", "puts", "putchar"}
FILE_PRINTS = {"fprintf", "vfprintf", "fputs", "fwrite", "fputc", "putc", "perror"}
# What a compiler or a header of libc's makes of what was written.
MADE_OF = {
    "puts": PRINTS,
    "putchar": PRINTS | {"putc", "fputc"},
    "putc": FILE_PRINTS | PRINTS,
    "fputc": FILE_PRINTS,
    "fputs": FILE_PRINTS,
    "fwrite": FILE_PRINTS,
    "printf": PRINTS,
    "vprintf": PRINTS,
    "vfprintf": FILE_PRINTS | PRINTS,
    "fprintf": FILE_PRINTS | PRINTS,
    "getc": {"getchar", "fgetc"},
    "getdelim": {"getline"},
    "__getdelim": {"getline", "getdelim"},
    "__sysv_signal": {"signal"},
}


def plain(symbol):
    """The name in the table that SYMBOL is another spelling of, or None."""
    symbol = symbol.split("@")[0]
    names = [symbol]
    if symbol.startswith("__") and symbol.endswith("_chk"):
        names.append(symbol[2:-4])
    if symbol.startswith("__isoc99_") or symbol.startswith("__isoc23_"):
        names.insert(0, symbol[9:])
    return next((name for name in names if name in hooks), None)


def imports(path):
    out = subprocess.run(["nm", "-u", path], stdout=subprocess.PIPE, check=True, text=True).stdout
    return {plain(line.split()[-1]) for line in out.splitlines() if line} - {None}


def sized(name):
    """Without the 64 of large files."""
    return name[:-2] if name.endswith("64") else name


units = taken = missing = listed = idle = 0
for name in sorted(os.listdir(notes)):
    note = json.load(open(os.path.join(notes, name), encoding="utf-8"))
    for unit in note["units"]:
        path = unit.get("stackUsage", "")[: -len(".su")] + ".o"
        if "trouble" in unit:
            print("not audited:", unit["file"], unit["trouble"])
            missing += 1
        if not os.path.exists(path):
            continue
        units += 1
        called = {sized(f["callee"]) for f in note["findings"] if f["rule"] in ("rewritten", "kept", "no-mirror")}
        wanted = imports(path)
        taken += len(wanted)
        listed += len(called)
        have = {sized(w) for w in wanted}
        idle += len([c for c in called if c not in have and not any(c in MADE_OF.get(w, ()) for w in have)])
        for symbol in sorted(wanted):
            if sized(symbol) not in called and not MADE_OF.get(symbol, set()) & called:
                print("missing:", path, symbol)
                missing += 1
whole = json.load(open(report, encoding="utf-8"))
print(
    f"{units} objects take {taken} names, {missing} of them missing; of {listed} names listed {idle} are not "
    f"taken (optimized away or unused); {len(whole['findings'])} findings: "
    + ", ".join(f"{count} {rule}" for rule, count in whole["totals"]["rules"].items())
)
sys.exit(missing > 0 or not units)

"""audit_sample.py REPORT [RULE...] - findings to be read by hand, to tell how many of them are true.

Of each rule at most 30, the same ones each time, with the line of the source that they are at. This is
how the table in docs/audit.md was made.
"""

import json
import os
import random
import sys

MOST = 30
report = json.load(open(sys.argv[1], encoding="utf-8"))
rules = sys.argv[2:] or sorted(report["totals"]["rules"])


def show(place):
    path = os.path.join(report["root"], place["file"])
    at = f"{place['file']}:{place.get('line', 0)}:{place.get('column', 0)}"
    try:
        lines = open(path, encoding="latin-1").read().split("\n")
        return f"{at}: {lines[place['line'] - 1].strip()}"
    except (OSError, KeyError, IndexError):
        return at


for rule in rules:
    findings = [finding for finding in report["findings"] if finding["rule"] == rule]
    random.seed(20240601)
    chosen = sorted(random.sample(range(len(findings)), min(MOST, len(findings))))
    print(f"== {rule}: {len(chosen)} of {len(findings)}")
    for index in chosen:
        finding = findings[index]
        print(show(finding["location"]))
        if "expansion" in finding:
            print("    used at", show(finding["expansion"]))
        print(f"    {finding.get('function', '(file scope)')}: {finding['message']}")
        for related in finding.get("related", []):
            print("   ", show(related["location"]), "-", related["message"])

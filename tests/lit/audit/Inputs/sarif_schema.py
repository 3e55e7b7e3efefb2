"""sarif_schema.py SCHEMA FILE [KNOWN] - whether FILE is valid by SCHEMA, the official one of SARIF 2.1.0.

KNOWN has what --list-rules and --list-reasons print, "---" between: each must be in a result, and so
must every kind of suppression and state that we make.
"""

import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
log = json.load(open(sys.argv[2], encoding="utf-8"))
validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)
validator.check_schema(schema)
checker = validator(schema, format_checker=jsonschema.FormatChecker())
errors = list(checker.iter_errors(log))
for error in errors[:20]:
    print("/".join(map(str, error.absolute_path)), error.message)
assert not errors
# The schema must be one that refuses something.
assert not checker.is_valid({**log, "version": "2.0.0"})
assert not checker.is_valid({**log, "runs": [{**log["runs"][0], "resultz": []}]})

if len(sys.argv) > 3:
    rules, reasons = (
        {line.split(" (")[0] for line in part.splitlines() if line and line[0] != " "}
        for part in open(sys.argv[3], encoding="utf-8").read().split("---\n")
    )
    results = [result for run in log["runs"] for result in run["results"]]
    assert {result["ruleId"] for result in results} == rules
    missing = reasons - {result["properties"].get("reason") for result in results}
    assert not missing, missing
    states = {result["baselineState"] for result in results}
    assert states == {"new", "unchanged"}, states
    kinds = {s["kind"] for result in results for s in result.get("suppressions", [])}
    assert kinds == {"inSource", "external"}, kinds
    print(len(results), "results")

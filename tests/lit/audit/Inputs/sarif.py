"""sarif.py FILE - whether FILE is a SARIF 2.1.0 log as the standard requires of what is in it.

The schema here is our own, of the parts that a report uses: everything that is not named in it is an
error, so that a misspelt property cannot pass. Beyond it: rule indices, locations and bases fit.
Prints a line for each result.
"""

import json
import re
import sys

import jsonschema


def closed(required, **properties):
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def listed(items, **more):
    return dict({"type": "array", "items": items}, **more)


TEXT = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
POSITIVE = {"type": "integer", "minimum": 1}
MESSAGE = closed("text", text=TEXT)
BAG = {"type": "object"}
ARTIFACT = closed(
    "uri",
    uri={"type": "string", "pattern": r"^(file:///)?[A-Za-z0-9._~+,@/%-]*$"},
    uriBaseId=TEXT,
)
LOCATION = closed(
    "physicalLocation",
    physicalLocation=closed(
        "artifactLocation",
        artifactLocation=ARTIFACT,
        region=closed("startLine", startLine=POSITIVE, startColumn=POSITIVE),
    ),
    logicalLocations=listed(closed("name kind", name=TEXT, kind={"const": "function"})),
    message=MESSAGE,
)
RULE = closed(
    "id shortDescription fullDescription help",
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed("level", level=LEVEL),
)
RESULT = closed(
    "ruleId message locations partialFingerprints",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    kind={"enum": ["pass", "fail"]},
    level=LEVEL,
    message=MESSAGE,
    locations=listed(LOCATION, minItems=1, maxItems=1),
    relatedLocations=listed(LOCATION),
    partialFingerprints=closed(
        "cohookFinding/v1", **{"cohookFinding/v1": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}
    ),
    suppressions=listed(
        closed(
            "kind",
            kind={"enum": ["inSource", "external"]},
            status={"enum": ["accepted", "underReview", "rejected"]},
            justification=TEXT,
        )
    ),
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
    properties=BAG,
)
RUN = closed(
    "tool results",
    tool=closed("driver", driver=closed("name", name=TEXT, version=TEXT, rules=listed(RULE))),
    invocations=listed(
        closed(
            "executionSuccessful",
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=listed(closed("message", level=LEVEL, message=MESSAGE)),
        )
    ),
    originalUriBaseIds={"type": "object", "additionalProperties": ARTIFACT},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=listed(RESULT),
)
LOG = closed(
    "version runs",
    version={"const": "2.1.0"},
    runs=listed(RUN),
    **{"$schema": {"type": "string", "pattern": "sarif"}},
)

log = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.validate(log, LOG)
for run in log["runs"]:
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    prints = set()
    for base in run["originalUriBaseIds"].values():
        assert re.match("file:///.*/$", base["uri"])  # a base must end in a slash
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        # A kind other than "fail" has no level.
        assert result["kind"] == "fail" or result["level"] == "none"
        print_ = result["partialFingerprints"]["cohookFinding/v1"]
        assert print_ not in prints
        prints.add(print_)
        for place in result["locations"] + result.get("relatedLocations", []):
            artifact = place["physicalLocation"]["artifactLocation"]
            base = artifact.get("uriBaseId")
            assert (base in run["originalUriBaseIds"]) == (not artifact["uri"].startswith("file:"))
        at = result["locations"][0]["physicalLocation"]
        print(
            at["artifactLocation"]["uri"],
            at["region"]["startLine"],
            result["ruleId"],
            result["level"],
            "suppressed" if "suppressions" in result else "",
            result.get("baselineState", ""),
        )

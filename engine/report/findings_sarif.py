"""Findings as SARIF 2.1.0, which code scanning of forges and editors read.

Property names and their meanings are those of the OASIS standard "Static Analysis Results Interchange Format
(SARIF) Version 2.1.0"; the section of each is named where it is not plain.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from pydantic import JsonValue

from engine.model.rules import RULES
from engine.report.findings import Shown, by_place

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_TOP = "%SRCROOT%"  # the customary name for the top of a repository (3.14.14)
_FINGERPRINT = "rollcallFinding/v1"
_PLACES = re.compile(r":[0-9]+:[0-9]+")  # lines and columns within messages


def findings_sarif(findings: Iterable[Shown], version: str) -> str:
    """One run of the tool `rollcall` in this version; files are relative to the top of the repository."""
    shown = by_place(findings)
    rules = sorted({each.finding.rule for each in shown} | RULES.keys())
    run: dict[str, JsonValue] = {
        "tool": {"driver": {"name": "rollcall", "version": version, "rules": list(map(_rule, rules))}},
        "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the git repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(shown, rules)),
    }
    log: dict[str, JsonValue] = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(name: str) -> dict[str, JsonValue]:
    rule: dict[str, JsonValue] = {"id": name, "defaultConfiguration": {"level": "error"}}
    known = RULES.get(name)
    if known is not None:
        rule["shortDescription"] = {"text": _plain(f"{known.meaning}.")}
        rule["help"] = {"text": _plain(known.help)}
    return rule


def _plain(text: str) -> str:
    """A text as a plain text message that is shown as it is.

    Braces are doubled: one alone begins a placeholder (3.11.5). Brackets may stand anywhere but where they
    read as a link (3.11.6); outside of one nothing can be escaped, so a blank keeps `[text](place)` from it.
    """
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _results(shown: Sequence[Shown], rules: Sequence[str]) -> Iterator[dict[str, JsonValue]]:
    positions = {name: position for position, name in enumerate(rules)}
    seen: Counter[str] = Counter()
    for each in shown:
        finding = each.finding
        what = _what(each)
        seen[what] += 1
        hint = f" ({finding.suggestion})" if finding.suggestion else ""
        yield {
            "ruleId": finding.rule,
            "ruleIndex": positions[finding.rule],
            "level": "error",
            "message": {"text": _plain(f"{finding.message}{hint}")},
            "locations": [{"physicalLocation": _location(each)}],
            "partialFingerprints": {_FINGERPRINT: _digest(f"{what}\0{seen[what]}")},
        }


def _location(shown: Shown) -> dict[str, JsonValue]:
    origin = shown.finding.origin
    return {
        "artifactLocation": {"uri": quote(shown.file, errors="surrogateescape"), "uriBaseId": _TOP},
        "region": {"startLine": origin.line, "startColumn": origin.column},
    }


def _what(shown: Shown) -> str:
    """What makes a finding the same one in the next version of the file (3.27.17): no lines, no columns."""
    return "\0".join((shown.finding.rule, shown.file, _PLACES.sub("", shown.finding.message)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()

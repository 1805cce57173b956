"""Findings as workflow commands of GitHub Actions, which show them beside the lines of a pull request.

The form is that of GitHub's "Workflow commands for GitHub Actions"; what is escaped, and how, is what its
toolkit does (`escapeData` and `escapeProperty` of actions/toolkit).
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.report.findings import Shown, by_place, summary
from engine.report.visible import clean

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def findings_github(findings: Iterable[Shown]) -> str:
    """One command a line, and a last line for the log; empty where nothing is wrong."""
    shown = by_place(findings)
    if not shown:
        return ""
    return "".join(map(_command, shown)) + f"{summary(shown)}\n"


def _command(shown: Shown) -> str:
    finding = shown.finding
    hint = f" ({finding.suggestion})" if finding.suggestion else ""
    properties = ",".join(
        f"{name}={clean(value).translate(_PROPERTY)}"
        for name, value in (
            ("file", shown.file),
            ("line", str(finding.origin.line)),
            ("col", str(finding.origin.column)),
            ("title", f"rollcall {finding.rule}"),
        )
    )
    return f"::error {properties}::{clean(f'{finding.message}{hint}').translate(_DATA)}\n"

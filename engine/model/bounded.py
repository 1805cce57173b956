"""Findings that people can read through, however many mistakes there are and however long texts are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from engine.model.origin import Finding

OF_ONE_KIND = 100  # findings of one rule that are told of one file
_LONGEST = 100  # characters of a quoted text
_SHOWN = 59
_QUOTED = re.compile(r"`[^`]*`")
_RUN = re.compile(rf"(?P<shown>[^\s`]{{{_SHOWN}}})[^\s`]{{{4 * _LONGEST},}}")


def bounded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings sorted by place, with long texts cut, and of one rule and file only the first.

    The last of them that is told says how many more there are.
    """
    ordered = sorted(set(findings))
    counts = Counter((finding.origin.file, finding.rule) for finding in ordered)
    told: Counter[tuple[str, str]] = Counter()
    kept = []
    for finding in ordered:
        kind = (finding.origin.file, finding.rule)
        told[kind] += 1
        if told[kind] <= OF_ONE_KIND:
            kept.append(_cut(finding))
        elif told[kind] == OF_ONE_KIND + 1:
            more = counts[kind] - OF_ONE_KIND
            kept.append(Finding(finding.origin, finding.rule, f"and {more:,} more of this kind from here on"))
    return tuple(kept)


def _cut(finding: Finding) -> Finding:
    if len(finding.message) <= _LONGEST and len(finding.suggestion) <= _LONGEST:
        return finding
    return replace(finding, message=_shortened(finding.message), suggestion=_shortened(finding.suggestion))


def _shortened(text: str) -> str:
    return _RUN.sub(r"\g<shown>…", _QUOTED.sub(_cut_quoted, text))


def _cut_quoted(found: re.Match[str]) -> str:
    quoted = found.group()
    return quoted if len(quoted) <= _LONGEST else f"{quoted[: _SHOWN + 1]}…`"

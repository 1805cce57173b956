"""Findings for a terminal or a log: each on one line, with the line that it is about and a mark below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.report.excerpt import WIDTH, excerpt
from engine.report.findings import Shown, by_place, summary
from engine.report.lines import BLANK, Line, Style, line
from engine.report.visible import clean

_INDENT = 4


def findings_text(findings: Iterable[Shown], width: int = WIDTH) -> tuple[Line, ...]:
    """Everything that is wrong as styled lines, by file and place, and its count.

    `width` is how many columns a line of a manifest and what stands before it may take.
    """
    shown = by_place(findings)
    return (*_all(shown, width - _INDENT), BLANK, line(summary(shown), Style.BAD))


def _all(shown: Iterable[Shown], width: int) -> Iterator[Line]:
    file = None
    for each in shown:
        if file not in (None, each.file):
            yield BLANK
        file = each.file
        yield _sentence(each)
        yield from _excerpt(each, width)


def _sentence(shown: Shown) -> Line:
    """The one line that says it all."""
    finding = shown.finding
    hint = f" ({finding.suggestion})" if finding.suggestion else ""
    place = f"{shown.file}:{finding.origin.line}:{finding.origin.column}:"
    return Line(
        (
            (clean(place), Style.HEADING),
            (clean(f" {finding.message}{hint}"), Style.PLAIN),
            (clean(f" [{finding.rule}]"), Style.QUIET),
        )
    )


def _excerpt(shown: Shown, width: int) -> Iterator[Line]:
    if shown.source is None:
        return
    found = excerpt(shown.source, shown.finding.origin.column, width)
    if found is not None:
        yield line(found.line, Style.QUIET, _INDENT)
        yield line(" " * found.before + "^", Style.BAD, _INDENT)

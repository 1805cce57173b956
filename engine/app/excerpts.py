"""The lines that findings are about, read again from their files, unless they hold a secret."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from engine.manifest import limits
from engine.manifest.confidential import confidential_lines
from engine.manifest.opening import open_regular
from engine.model.origin import Finding
from engine.model.rules import RULES, About
from engine.report.findings import Shown

LIMIT = 1000  # findings whose lines are read: nobody reads more, and each file may have to be opened


def with_lines(findings: Sequence[Finding], folder: Path | None, prefix: str) -> tuple[Shown, ...]:
    """The findings with their files as `prefix` puts it before them, and the lines at their places.

    `folder` is the one that the findings' files are relative to; without it no line is read. A file that
    changed or vanished in the meantime gives no line, or the one that is there now.
    """
    hidden = {(each.origin.file, each.origin.line) for each in findings if _may_be_a_secret(each)}
    by_file: dict[str, list[Finding]] = {}
    for number, each in enumerate(findings):
        if folder is not None and number < LIMIT and (each.origin.file, each.origin.line) not in hidden:
            by_file.setdefault(each.origin.file, []).append(each)
    sources: dict[Finding, str | None] = {}
    for file, of_file in by_file.items():
        lines = _lines(folder, file) if folder is not None else ()
        confidential = confidential_lines(lines)
        sources.update((each, _line(each, lines, confidential)) for each in of_file)
    return tuple(Shown(each, f"{prefix}{each.origin.file}", sources.get(each)) for each in findings)


def relative_prefix(folder: Path, start: Path) -> str:
    """What leads from `start` to files of `folder`, so that a terminal can open them; empty in the folder."""
    try:
        leads = os.path.relpath(folder, start)
    except ValueError:  # on another drive
        leads = str(folder)
    return "" if leads == os.curdir else f"{leads}{os.sep}"


def _about(finding: Finding) -> About:
    rule = RULES.get(finding.rule)
    return About.PLACE if rule is None else rule.about


def _may_be_a_secret(finding: Finding) -> bool:
    return finding.origin.is_confidential or _about(finding) is About.SECRET


def _line(finding: Finding, lines: Sequence[str], confidential: Collection[int]) -> str | None:
    number = finding.origin.line
    if _about(finding) is not About.PLACE or number in confidential or not 0 < number <= len(lines):
        return None
    return lines[number - 1]


_NO_TEXT = re.compile("[\udc80-\udcff]")


def _lines(folder: Path, file: str) -> tuple[str, ...]:
    """The lines of a file of the folder; none where it cannot be read. A byte that is no text is a mark."""
    path = folder / file
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            return ()
        with open_regular(path) as stream:
            data = stream.read(limits.FILE_BYTES)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        return ()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ()  # every other byte would be shown as a mark
    escaped = data.decode("utf-8-sig", errors="surrogateescape")
    text = _NO_TEXT.sub("\ufffd", escaped)  # one mark for each byte: places stay as they are
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))

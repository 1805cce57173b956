"""The lines that findings are about, read again from their files, unless they hold a secret."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from engine.manifest import limits
from engine.model.origin import Finding
from engine.model.rules import RULES, About
from engine.model.source import may_show_logon
from engine.report.findings import Shown

LIMIT = 1000  # findings whose lines are read: nobody reads more, and each file may have to be opened

_NAME = r"(?:pass(?:word|wort|phrase|wd)|pwd|secret|token|(?:api|private|access)[_-]?key)"
# A field that is named as secrets are, or `NAME=` in an argument, and the beginning of what follows.
# Bounded, so that no line can take long.
_SECRET = re.compile(rf"{_NAME}[A-Za-z_-]{{0,40}}['\"]?\s{{0,40}}[:=]\s*(?=(.{{0,40}}))", re.IGNORECASE)
# What such a field may say in public: where the secret is, or which value a template puts there.
_HARMLESS = re.compile(r"['\"]?(?:(?:env|file|keyring):|\{\{)")
_BELOW = re.compile(r"(?:[|>].*|#.*)?$")  # the value follows on the lines below


def with_lines(findings: Sequence[Finding], folder: Path | None, prefix: str) -> tuple[Shown, ...]:
    """The findings with their files as `prefix` puts it before them, and the lines at their places.

    `folder` is the one that the findings' files are relative to; without it no line is read. A file that
    changed or vanished in the meantime gives no line, or the one that is there now.
    """
    hidden = {(each.origin.file, each.origin.line) for each in findings if _about(each) is About.SECRET}
    by_file: dict[str, list[Finding]] = {}
    for number, each in enumerate(findings):
        if folder is not None and number < LIMIT and (each.origin.file, each.origin.line) not in hidden:
            by_file.setdefault(each.origin.file, []).append(each)
    sources: dict[Finding, str | None] = {}
    for file, of_file in by_file.items():
        lines = _lines(folder, file) if folder is not None else ()
        sources.update((each, _line(each, lines)) for each in of_file)
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


def _line(finding: Finding, lines: Sequence[str]) -> str | None:
    at = finding.origin.line - 1
    if _about(finding) is not About.PLACE or not 0 <= at < len(lines) or _holds_secret(lines, at):
        return None
    return lines[at]


def _holds_secret(lines: Sequence[str], at: int) -> bool:
    """Whether a line gives a value to a field that is named as secrets are, or goes on with such a value, or
    has an address with a logon in it."""
    if may_show_logon(lines[at]):
        return True
    for found in _SECRET.finditer(lines[at]):
        if not _HARMLESS.match(found[1]) and not _BELOW.match(found[1]):
            return True
    indent = _indent(lines[at])
    for above in reversed(lines[:at]):
        if not above.strip() or _indent(above) >= indent:
            continue
        # The innermost field that this line belongs to.
        return any(_BELOW.match(found[1]) for found in _SECRET.finditer(above))
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _lines(folder: Path, file: str) -> tuple[str, ...]:
    """The lines of a file of the folder; none where it cannot be read. Bytes that are no text are kept."""
    path = folder / file
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            return ()
        with path.open("rb") as stream:
            data = stream.read(limits.FILE_BYTES)
    except (OSError, ValueError):
        return ()
    text = data.decode("utf-8-sig", errors="surrogateescape")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))

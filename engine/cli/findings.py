"""Mistakes in manifests on a console."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from engine.app.excerpts import relative_prefix, with_lines
from engine.model.origin import Finding
from engine.report.excerpt import WIDTH
from engine.report.findings_text import findings_text
from engine.report.lines import draw


def from_here(folder: Path) -> str:
    """What stands before the names of a folder's files, for a terminal that is in the current folder."""
    return relative_prefix(folder, Path.cwd())


def draw_findings(console: Console, findings: Sequence[Finding], folder: Path | None) -> None:
    """Draw them all with the lines that they are about, read from `folder` as it is now.

    Files are named as seen from the current folder, so that a terminal can open them.
    """
    prefix = "" if folder is None else from_here(folder)
    width = min(console.width - 2, WIDTH) if console.is_terminal else WIDTH
    draw(console, findings_text(with_lines(findings, folder, prefix), width))

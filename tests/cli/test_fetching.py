"""Progress of fetching: a line per file, or a bar on a terminal; a file's name cannot act on the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from engine.cli.fetching import fetching
from engine.cli.screen import Screen


def _screen(*, terminal: bool) -> tuple[Screen, io.StringIO]:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=100, color_system=None, markup=False)
    return Screen(Console(file=io.StringIO()), console, ask=None), stream


@pytest.mark.parametrize("terminal", [False, True])
def test_each_file_is_told(terminal: bool) -> None:
    screen, stream = _screen(terminal=terminal)
    with fetching(screen) as progress:
        for name in ("geogebra.msi", "[red]\u202eexe"):
            progress.fetch_started(name, 12_300_000)
            progress.fetch_went_on(6_000_000)
            progress.fetch_went_on(6_300_000)
            progress.fetch_ended()
        progress.fetch_ended()
    shown = stream.getvalue()
    assert "Fetching geogebra.msi" in shown or terminal
    assert "\u202e" not in shown
    if not terminal:
        assert shown.splitlines() == [
            "Fetching geogebra.msi (12.3 MB) ...",
            r"Fetching [red]\u202eexe (12.3 MB) ...",
        ]


@pytest.mark.parametrize("terminal", [False, True])
def test_nothing_is_told_where_nothing_is_fetched(terminal: bool) -> None:
    screen, stream = _screen(terminal=terminal)
    with fetching(screen):
        pass
    assert "Fetching" not in stream.getvalue()

"""Bars on a terminal for work that takes a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.app.validating import Progress as Counted
from engine.cli.screen import Screen


def bars_on(screen: Screen) -> Progress:
    """Bars on stderr that leave nothing behind."""
    # Names in the descriptions are foreign text: no markup.
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=screen.err,
        transient=True,
    )


@contextmanager
def checking(screen: Screen) -> Iterator[Counted]:
    """Progress of checking schools: a bar on a terminal, nothing elsewhere."""
    if not screen.lively:
        yield lambda _done, _of: None
        return
    with bars_on(screen) as bars:
        task = bars.add_task("Reading manifests", total=None)
        yield lambda done, of: bars.update(task, description="Checking schools", completed=done, total=of)

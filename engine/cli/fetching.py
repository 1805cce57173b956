"""Progress of fetching files from servers on stderr: a bar on a terminal, a line per file elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from engine.app.fetching import FetchProgress
from engine.cli.progress import LABEL_WIDTH
from engine.cli.screen import Screen, say
from engine.report.visible import clean


@contextmanager
def fetching(screen: Screen) -> Iterator[FetchProgress]:
    """Progress of fetching; where nothing is fetched, nothing is shown."""
    if not screen.lively:
        yield PlainFetching(screen)
        return
    # Names in the descriptions are foreign text: no markup.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen.err, transient=True) as bars:
        yield LiveFetching(bars)


class PlainFetching:
    """One line per file when it begins."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def fetch_started(self, name: str, size: int) -> None:
        say(self._screen, f"Fetching {clean(name)} ({decimal(size)}) ...")

    def fetch_went_on(self, count: int) -> None: ...

    def fetch_ended(self) -> None: ...


class LiveFetching:
    """A bar for the file that is coming."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def fetch_started(self, name: str, size: int) -> None:
        self._task = self._bars.add_task(f"Fetching {clean(name)}"[:LABEL_WIDTH], total=size)

    def fetch_went_on(self, count: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, count)

    def fetch_ended(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None

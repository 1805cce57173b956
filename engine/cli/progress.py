"""Progress on stderr: bars on a terminal, a line per event elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rich.progress import Progress, TaskID
from rich.text import Text

from engine.app.planning import ReadProgress
from engine.cli.bars import bars_on
from engine.cli.screen import Screen, say
from engine.cli.waiting import Waiting
from engine.model.plan import Change, HostPlan, HostStatus
from engine.model.result import ChangeResult, Listener, Outcome
from engine.report.lines import draw
from engine.report.plan_view import hosts_text
from engine.report.run_text import result_line
from engine.report.run_view import NOT_TRIED, PROBLEMS, counts_text
from engine.report.visible import clean

LABEL_WIDTH = 60


@contextmanager
def reading(screen: Screen) -> Iterator[ReadProgress]:
    """Progress of reading hosts."""
    if not screen.lively:
        plain = PlainReading(screen)
        with plain.waiting.told(lambda text: say(screen, text) if text else None):
            yield plain
        return
    with bars_on(screen) as bars:
        live = LiveReading(bars)
        with live.waiting.told(live.still_waiting):
            yield live


class PlainReading:
    """One line at the start, and one per host that was not read."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.waiting = Waiting()

    def hosts_found(self, count: int) -> None:
        say(self._screen, f"Reading {hosts_text(count)} ...")

    def host_begun(self, host: str) -> None:
        self.waiting.hear(host)

    def host_read(self, host: HostPlan) -> None:
        self.waiting.end(host.host)
        if host.status is not HostStatus.READ:
            say(self._screen, f"{host.status}: {clean(host.error)}")


class LiveReading:
    """One bar over all hosts."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._total = bars.add_task("Reading hosts", total=None)
        self.waiting = Waiting()

    def hosts_found(self, count: int) -> None:
        self._bars.update(self._total, total=count)

    def host_begun(self, host: str) -> None:
        self.waiting.hear(host)

    def still_waiting(self, text: str) -> None:
        """Say so beside the bar."""
        what = f"Reading hosts, {text}" if text else "Reading hosts"
        self._bars.update(self._total, description=what[:LABEL_WIDTH])

    def host_read(self, host: HostPlan) -> None:
        self.waiting.end(host.host)
        self._bars.advance(self._total)
        if host.status is not HostStatus.READ:
            self._bars.console.print(Text(f"{host.status}: {clean(host.error)}"))


@contextmanager
def applying(screen: Screen, changes: int) -> Iterator[Listener]:
    """Progress of an apply of so many changes."""
    if not screen.lively:
        plain = PlainApplying(screen)
        with plain.waiting.told(plain.still_waiting):
            yield plain
        return
    with bars_on(screen) as bars:
        yield LiveApplying(screen, bars, changes)


def _told(result: ChangeResult) -> bool:
    """Whether a change gets a line of its own: where its host was given up, only the first one does."""
    return result.outcome in PROBLEMS and not result.message.startswith(NOT_TRIED)


class PlainApplying:
    """A line per host that begins and ends, and one per change that was not done."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._lock = Lock()  # lines of several hosts must not mix; guards _ended too
        self._ended: dict[str, Counter[Outcome]] = {}
        self.waiting = Waiting()

    def still_waiting(self, text: str) -> None:
        if text:
            with self._lock:
                say(self._screen, text)

    def host_started(self, host: str, changes: int) -> None:
        self.waiting.hear(host)
        with self._lock:
            say(self._screen, f"{clean(host)}  started, {changes} to do")

    def change_started(self, change: Change) -> None:
        self.waiting.hear(change.address.host)

    def change_finished(self, result: ChangeResult) -> None:
        self.waiting.end(result.address.host)  # it may wait for another host now
        with self._lock:
            self._ended.setdefault(result.address.host, Counter())[result.outcome] += 1
            if _told(result):
                draw(self._screen.err, [result_line(result)])

    def host_finished(self, host: str) -> None:
        self.waiting.end(host)
        with self._lock:
            say(self._screen, f"{clean(host)}  ended: {counts_text(self._ended.pop(host, Counter()))}")


class LiveApplying:
    """A bar over all changes, and one per host that is being worked on. Problems stay on the screen."""

    def __init__(self, screen: Screen, bars: Progress, changes: int) -> None:
        self._screen = screen
        self._bars = bars
        self._total = bars.add_task("All changes", total=changes)
        self._hosts: dict[str, TaskID] = {}
        self._lock = Lock()  # guards _hosts; the bars have a lock of their own

    def host_started(self, host: str, changes: int) -> None:
        with self._lock:
            self._hosts[host] = self._bars.add_task(clean(host), total=changes)

    def change_started(self, change: Change) -> None:
        address = change.address
        what = clean(f"{address.host}  {change.action} {address.kind} {address.name}")
        task = self._task(address.host)
        if task is not None:
            self._bars.update(task, description=what[:LABEL_WIDTH])

    def change_finished(self, result: ChangeResult) -> None:
        self._bars.advance(self._total)
        task = self._task(result.address.host)
        if task is not None:
            self._bars.advance(task)
        if _told(result):
            draw(self._screen.err, [result_line(result)])

    def host_finished(self, host: str) -> None:
        with self._lock:
            task = self._hosts.pop(host, None)
        if task is not None:
            self._bars.remove_task(task)

    def _task(self, host: str) -> TaskID | None:
        with self._lock:
            return self._hosts.get(host)

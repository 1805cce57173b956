"""Progress: bars on a terminal, a line per event elsewhere, from many threads."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console

from engine.cli.progress import applying, reading
from engine.cli.screen import Screen
from engine.model.plan import HostStatus
from engine.model.result import ChangeResult, Listener, Outcome
from tests.report.samples import LAB, SERVER, change, host, result


def _screen(*, terminal: bool, width: int = 80) -> tuple[Screen, io.StringIO]:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=width, color_system=None, markup=False)
    return Screen(Console(file=io.StringIO()), console, ask=None), stream


def _work(listener: Listener, name: str, outcome: Outcome) -> None:
    listener.host_started(name, 1)
    listener.change_started(change(name, "share", "[red]Staff[/]\x1b[2J"))
    ended = result("[red]Staff[/]\x1b[2J", outcome, "disk full", host=name)
    listener.change_finished(ended)
    listener.host_finished(name)


def _work_on_all(listener: Listener) -> None:
    with ThreadPoolExecutor(8) as pool:
        for name in LAB:
            pool.submit(_work, listener, name, Outcome.CHANGED if name != LAB[2] else Outcome.FAILED)


def test_lines_of_many_hosts_do_not_mix() -> None:
    screen, stream = _screen(terminal=False)
    with applying(screen, len(LAB)) as listener:
        _work_on_all(listener)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2 * len(LAB) + 1
    for name in LAB:
        outcome = "failed" if name == LAB[2] else "changed"
        assert f"{name}  started, 1 to do" in lines
        assert f"{name}  ended: 1 {outcome}" in lines
    assert rf"{LAB[2]}  failed  create share [red]Staff[/]\x1b[2J: disk full" in lines
    assert "\x1b" not in stream.getvalue()


def test_changes_that_were_not_tried_get_no_line_each() -> None:
    held = "another apply is running: root on vm, process 9, since 22:30 UTC"
    for terminal in (False, True):
        screen, stream = _screen(terminal=terminal, width=200)
        with applying(screen, 4) as listener:
            listener.change_finished(result("A", Outcome.REFUSED, held))
            for name in "BC":
                listener.change_finished(result(name, Outcome.REFUSED, f"not tried: {held}"))
            listener.change_finished(result("D", Outcome.NOT_STARTED, "cancelled before its turn"))
        assert stream.getvalue().count(held) == 1
        assert "not started" not in stream.getvalue()


def test_a_terminal_keeps_problems_on_the_screen() -> None:
    screen, stream = _screen(terminal=True)
    with applying(screen, len(LAB)) as listener:
        _work_on_all(listener)
    drawn = stream.getvalue()
    assert "All changes" in drawn
    assert f"{LAB[2]}  failed" in drawn
    assert f"{LAB[3]}  changed" not in drawn
    assert "Staff[/]\x1b" not in drawn


def test_a_narrow_terminal_is_no_error() -> None:
    screen, _ = _screen(terminal=True, width=20)
    with applying(screen, 1) as listener:
        _work(listener, SERVER, Outcome.CHANGED)


def test_a_host_that_never_started_still_counts() -> None:
    screen, stream = _screen(terminal=True)
    with applying(screen, 1) as listener:
        listener.change_finished(_away())
    assert "unreachable" in stream.getvalue()


def _away() -> ChangeResult:
    return result("Staff", Outcome.UNREACHABLE, "connect: refused")


def test_hosts_that_cannot_be_read_are_said_at_once() -> None:
    away = host(SERVER, HostStatus.UNREACHABLE, f"{SERVER}: connect: refused")
    for terminal in (False, True):
        screen, stream = _screen(terminal=terminal)
        with reading(screen) as progress:
            progress.hosts_found(2)
            progress.host_read(host(LAB[0]))
            progress.host_read(away)
        assert f"unreachable: {SERVER}: connect: refused" in stream.getvalue()

"""The result of a run for a terminal or a log: a table of hosts, then what needs a person."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.result import ChangeResult, Outcome, RunResult
from engine.report.lines import BLANK, Line, Style, line
from engine.report.run_view import HostRow, ProblemView, RunView, run_view
from engine.report.visible import clean

TAIL_SHOWN = 10  # lines of a log; the other formats hold all that was kept

STYLES = {
    Outcome.CHANGED: Style.ADD,
    Outcome.UNCHANGED: Style.PLAIN,
    Outcome.FAILED: Style.BAD,
    Outcome.REFUSED: Style.BAD,
    Outcome.UNREACHABLE: Style.WARNING,
    Outcome.SKIPPED: Style.WARNING,
    Outcome.DEFERRED: Style.WARNING,
    Outcome.NOT_STARTED: Style.QUIET,
}


def run_text(run: RunResult) -> tuple[Line, ...]:
    """The whole result as styled lines."""
    return tuple(_run(run_view(run)))


def _run(view: RunView) -> Iterator[Line]:
    yield Line(((f"Apply of {view.started}", Style.HEADING), (f"  run {view.run}", Style.QUIET)))
    if view.rows:
        yield BLANK
        yield from _table(view)
    if view.problems:
        yield from (BLANK, line("Not done", Style.HEADING))
        for problem in view.problems:
            yield from _problem(problem)
    if view.reboots:
        yield from (BLANK, line(f"Restart needed: {view.reboots}", Style.WARNING))
    yield from (BLANK, line(view.summary, Style.HEADING))


def _table(view: RunView) -> Iterator[Line]:
    width = max(len(row.hosts) for row in view.rows)
    heads = [outcome.value for outcome in view.columns]
    yield line(" " * width + "".join(f"  {head}" for head in heads) + "  seconds", Style.QUIET, indent=2)
    for row in view.rows:
        yield _row(row, view, width)


def _row(row: HostRow, view: RunView, width: int) -> Line:
    cells = [
        (f"  {count or '.':>{len(outcome.value)}}", STYLES[outcome] if count else Style.QUIET)
        for outcome, count in zip(view.columns, row.counts, strict=True)
    ]
    restart = ("  restart needed" if row.reboot_required else "", Style.WARNING)
    host = (f"{row.hosts:<{width}}", Style.PLAIN)
    return Line((host, *cells, (f"  {row.seconds:7.1f}", Style.QUIET), restart), indent=2)


def _problem(problem: ProblemView) -> Iterator[Line]:
    yield Line(
        (
            (f"{problem.outcome}  ", STYLES[problem.outcome]),
            (f"{problem.hosts}  {f'{problem.action} {problem.what}'.lstrip()}", Style.PLAIN),
            (f": {problem.message}" if problem.message else "", Style.PLAIN),
        ),
        indent=2,
    )
    if len(problem.tail) > TAIL_SHOWN:
        yield line(f"... ({len(problem.tail) - TAIL_SHOWN} earlier lines)", Style.QUIET, indent=6)
    for text in problem.tail[-TAIL_SHOWN:]:
        yield line(f"| {text}", Style.QUIET, indent=6)


def result_line(result: ChangeResult) -> Line:
    """One change's end in one line, for progress that is not a terminal's."""
    address = result.address
    said = clean(result.message.removeprefix(f"{address.host}: "))
    message = f": {said}" if said else ""
    return Line(
        (
            (f"{clean(address.host)}  ", Style.PLAIN),
            (f"{result.outcome}", STYLES[result.outcome]),
            (f"  {result.action} {clean(address.kind)} {clean(address.name)}{message}", Style.PLAIN),
        )
    )

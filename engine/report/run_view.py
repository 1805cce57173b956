"""What an apply did, put in the order in which people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.model.result import ChangeResult, Outcome, RunResult
from engine.report.ranges import host_range
from engine.report.visible import clean, clean_lines

TAIL_LIMIT = 200  # lines of a log's tail
NOT_TRIED = "not tried: "  # how the message of a change begins whose host was given up before its turn

# The order in which outcomes are listed: what needs a person first. What was not started has nothing to tell
# but its number: the next plan shows it.
PROBLEMS = (
    Outcome.FAILED,
    Outcome.REFUSED,
    Outcome.UNREACHABLE,
    Outcome.SKIPPED,
    Outcome.DEFERRED,
)
COLUMNS = (Outcome.CHANGED, Outcome.UNCHANGED, *PROBLEMS, Outcome.NOT_STARTED)


@dataclass(frozen=True, slots=True)
class HostRow:
    """How many changes of a host ended how; counts in the order of the view's columns.

    Hosts of a school that ended alike stand in one row; `seconds` is the longest that one of them took.
    """

    school: str
    hosts: str
    counts: tuple[int, ...]
    seconds: float
    reboot_required: bool


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A change that was not done, of one or many hosts for the same reason.

    Where a host was given up, `what` stands for all the changes that were not tried there.
    """

    outcome: Outcome
    hosts: str
    action: str  # empty for a host that was given up
    what: str  # kind and name, or words for all that was not tried
    message: str
    tail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything that a drawing of a run shows. All text in it is clean."""

    run: str
    started: str
    seconds: float
    columns: tuple[Outcome, ...]  # only outcomes that happened
    rows: tuple[HostRow, ...]
    problems: tuple[ProblemView, ...]
    reboots: str  # a range of hosts; empty if there are none
    cancelled: bool
    summary: str


def run_view(run: RunResult) -> RunView:
    """The view of a run."""
    happened = {result.outcome for result in run.results}
    columns = tuple(outcome for outcome in COLUMNS if outcome in happened)
    return RunView(
        run=clean(run.run),
        started=f"{run.started:%Y-%m-%d %H:%M %Z}".rstrip(),
        seconds=(run.finished - run.started).total_seconds(),
        columns=columns,
        rows=_rows(run.results, columns),
        problems=_problems(run.results),
        reboots=host_range(result.address.host for result in run.results if result.reboot_required),
        cancelled=run.cancelled,
        summary=summary(run),
    )


def _rows(results: Iterable[ChangeResult], columns: tuple[Outcome, ...]) -> tuple[HostRow, ...]:
    of_host: dict[tuple[str, str], list[ChangeResult]] = {}
    for result in results:
        of_host.setdefault((result.address.school, result.address.host), []).append(result)
    alike: dict[tuple[str, tuple[int, ...], bool], list[tuple[str, float]]] = {}
    for (school, host), items in of_host.items():
        counts = tuple(sum(item.outcome is column for item in items) for column in columns)
        reboot = any(item.reboot_required for item in items)
        seconds = sum(item.seconds for item in items)
        alike.setdefault((school, counts, reboot), []).append((host, seconds))
    return tuple(
        HostRow(
            school=clean(school),
            hosts=host_range(host for host, _ in hosts),
            counts=counts,
            seconds=max(seconds for _, seconds in hosts),
            reboot_required=reboot,
        )
        for (school, counts, reboot), hosts in alike.items()
    )


_Key = tuple[Outcome, str, str, str, tuple[str, ...]]  # outcome, action, what, message, tail


def _problems(results: Iterable[ChangeResult]) -> tuple[ProblemView, ...]:
    of_host: dict[str, list[ChangeResult]] = {}
    for item in results:
        of_host.setdefault(item.address.host, []).append(item)
    hosts: dict[_Key, list[str]] = {}
    for host, items in of_host.items():
        for key in dict.fromkeys(_problem_keys(items)):
            hosts.setdefault(key, []).append(host)
    views = (
        ProblemView(outcome, host_range(names), action, clean(what), clean(message), tail)
        for (outcome, action, what, message, tail), names in hosts.items()
    )
    return tuple(sorted(views, key=lambda view: PROBLEMS.index(view.outcome)))


def _problem_keys(items: Sequence[ChangeResult]) -> Iterator[_Key]:
    """One host's problems. Where it was given up, the changes after that are one problem, not one each."""
    untried = [item for item in items if item.message.startswith(NOT_TRIED)]
    causes = {item.message.removeprefix(NOT_TRIED) for item in untried}
    never_begun = len(causes) == 1 and all(item.message.removeprefix(NOT_TRIED) in causes for item in items)
    for item in items:
        if item.outcome not in PROBLEMS:
            continue
        said = item.message.removeprefix(NOT_TRIED).removeprefix(f"{item.address.host}: ")
        if never_begun:
            yield (item.outcome, "", "nothing was done", said, ())
        elif item.message.startswith(NOT_TRIED):
            yield (item.outcome, "", "the changes after it were not tried", said, ())
        else:
            what = f"{item.address.kind} {item.address.name}"
            tail = clean_lines(item.detail)[-TAIL_LIMIT:]
            yield (item.outcome, item.action.value, what, said, tail)


def summary(run: RunResult) -> str:
    """One line that counts how the changes ended."""
    counts = Counter(result.outcome for result in run.results)
    seconds = (run.finished - run.started).total_seconds()
    ended = "cancelled after" if run.cancelled else "finished in"
    return f"Apply {ended} {seconds:.1f} s: {counts_text(counts)}"


def counts_text(counts: Mapping[Outcome, int]) -> str:
    """Such as `12 changed, 1 failed`."""
    parts = [f"{counts[outcome]} {outcome}" for outcome in COLUMNS if counts.get(outcome)]
    return ", ".join(parts) or "nothing to do"

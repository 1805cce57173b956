"""A plan or a run as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.plan import Plan
from engine.model.result import RunResult
from engine.report.markdown_parts import SIZE_LIMIT, code, diff_line, fitted, folded, plain_text, titled
from engine.report.plan_text import change_lines
from engine.report.plan_view import BlockedView, HostBlock, HostView, plan_view
from engine.report.run_view import HostRow, ProblemView, RunView, run_view

_ELSEWHERE = "The plan file holds them all."


def plan_markdown(plan: Plan, limit: int = SIZE_LIMIT) -> str:
    """The plan in at most `limit` bytes (2,000 at least)."""
    view = plan_view(plan)
    head = (
        f"### {plain_text(view.summary)}\n\nTarget {code(view.target)}, "
        f"manifests {code(view.revision)}, {view.created}.\n"
    )
    blocks = (
        *titled("#### Changes\n", map(_host_block, view.intended)),
        *titled("#### Drift: changed on the hosts since the last apply\n", map(_host_block, view.drift)),
        *titled("#### Blocked\n", map(_blocked, view.blocked)),
        *titled("#### Unreachable: pending until they answer\n", map(_host, view.unreachable)),
        *titled("#### Not read, and why\n", map(_host, view.failed)),
    )
    restart = f"\nWaiting for a restart: {code(view.pending_reboot)}\n" if view.pending_reboot else ""
    return fitted(head + restart, blocks, limit, _ELSEWHERE)


def run_markdown(run: RunResult, limit: int = SIZE_LIMIT) -> str:
    """The run in at most `limit` bytes (2,000 at least)."""
    view = run_view(run)
    head = f"### {plain_text(view.summary)}\n\nRun {code(view.run)}, {view.started}.\n"
    restart = f"\nRestart needed: {code(view.reboots)}\n" if view.reboots else ""
    blocks = (*titled("#### Not done\n", map(_problem, view.problems)), *_table(view))
    return fitted(head + restart, blocks, limit, _ELSEWHERE)


def _host_block(block: HostBlock) -> str:
    lines = (text for change in block.changes for text in change_lines(change, indent=0))
    count = "1 change" if len(block.changes) == 1 else f"{len(block.changes)} changes"
    return folded(f"{code(block.title)}: {count}", map(diff_line, lines), "diff")


def _blocked(item: BlockedView) -> str:
    what = f"{code(item.hosts)} {code(f'{item.kind} {item.name}')}"
    origin = f" ({code(item.origin)})" if item.origin else ""
    return f"- {what} {item.outcome}: {code(item.reason)}{origin}"


def _host(item: HostView) -> str:
    return f"- {code(f'{item.school} {item.host}')}: {code(item.error)}"


def _problem(problem: ProblemView) -> str:
    done = f"{problem.action} {code(problem.what)}" if problem.action else problem.what
    what = f"{code(problem.hosts)} {done}"
    title = f"{problem.outcome}: {what}" + (f": {code(problem.message)}" if problem.message else "")
    return folded(title, problem.tail, "text") if problem.tail else f"- {title}"


def _table(view: RunView) -> Iterator[str]:
    if not view.rows:
        return
    heads = ["school", "host", *view.columns, "seconds"]
    yield "\n".join(
        (
            "\n| " + " | ".join(heads) + " |",
            "|---|---|" + "---:|" * (len(heads) - 2),
            *map(_table_row, view.rows),
            "",
        )
    )


def _table_row(row: HostRow) -> str:
    cells = [code(row.school), code(row.hosts), *map(str, row.counts), f"{row.seconds:.1f}"]
    return "| " + " | ".join(cells) + " |"

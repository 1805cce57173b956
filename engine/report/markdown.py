"""A plan or a run as Markdown, for a comment on a pull request.

The comment is bounded, since forges cut or refuse long ones: blocks that do not fit are left out whole and
counted, so that every fence and every folded part that was opened is closed. What hosts and manifests say
stands in fenced blocks longer than any fence inside, or in `<code>` with HTML escaped, where a forge makes
no mentions or links of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from engine.model.plan import Plan
from engine.model.result import RunResult
from engine.report.lines import Line
from engine.report.plan_text import change_lines
from engine.report.plan_view import BlockedView, HostBlock, HostView, plan_view
from engine.report.run_view import HostRow, ProblemView, RunView, run_view

SIZE_LIMIT = 60_000  # bytes of UTF-8; GitHub takes 65,536 characters
BLOCK_LIMIT = 20_000  # bytes of one fenced block
_NOTE_ROOM = 400  # bytes kept free for the last lines


def plan_markdown(plan: Plan, limit: int = SIZE_LIMIT) -> str:
    """The plan in at most `limit` bytes (2,000 at least)."""
    view = plan_view(plan)
    head = (
        f"### {_text(view.summary)}\n\nTarget {_code(view.target)}, "
        f"manifests {_code(view.revision)}, {view.created}.\n"
    )
    blocks = (
        *_titled("#### Changes\n", map(_host_block, view.intended)),
        *_titled("#### Drift: changed on the hosts since the last apply\n", map(_host_block, view.drift)),
        *_titled("#### Blocked\n", map(_blocked, view.blocked)),
        *_titled("#### Unreachable: pending until they answer\n", map(_host, view.unreachable)),
        *_titled("#### Not read, and why\n", map(_host, view.failed)),
    )
    restart = f"\nWaiting for a restart: {_code(view.pending_reboot)}\n" if view.pending_reboot else ""
    return _fitted(head + restart, blocks, limit)


def run_markdown(run: RunResult, limit: int = SIZE_LIMIT) -> str:
    """The run in at most `limit` bytes (2,000 at least)."""
    view = run_view(run)
    head = f"### {_text(view.summary)}\n\nRun {_code(view.run)}, {view.started}.\n"
    restart = f"\nRestart needed: {_code(view.reboots)}\n" if view.reboots else ""
    blocks = (*_titled("#### Not done\n", map(_problem, view.problems)), *_table(view))
    return _fitted(head + restart, blocks, limit)


def _titled(title: str, blocks: Iterable[str]) -> Iterator[str]:
    """The title goes with the first block, so that it cannot stand alone."""
    for number, block in enumerate(blocks):
        yield f"{title}\n{block}" if number == 0 else block


def _fitted(head: str, blocks: Iterable[str], limit: int) -> str:
    parts, size, left_out = [head], len(head.encode()), 0
    for block in blocks:
        length = len(block.encode()) + 1
        if left_out or size + length > limit - _NOTE_ROOM:
            left_out += 1
            continue
        parts.append(block)
        size += length
    if left_out:
        parts.append(
            f"**{left_out} more parts do not fit into this comment.** The plan file holds them all.\n"
        )
    return "\n".join(parts)


def _host_block(block: HostBlock) -> str:
    lines = (text for change in block.changes for text in change_lines(change, indent=0))
    count = "1 change" if len(block.changes) == 1 else f"{len(block.changes)} changes"
    return _folded(f"{_code(block.title)}: {count}", map(_diff_line, lines), "diff")


def _diff_line(item: Line) -> str:
    """A forge colours lines of a diff by their first character, so a mark is moved to the front."""
    text = str(item).rstrip()
    stripped = text.lstrip()
    if stripped[:2] in {"+ ", "- "}:
        return f"{stripped[0]} {' ' * (len(text) - len(stripped))}{stripped[2:]}"
    return f"  {text}"


def _blocked(item: BlockedView) -> str:
    what = f"{_code(item.hosts)} {_code(f'{item.kind} {item.name}')}"
    origin = f" ({_code(item.origin)})" if item.origin else ""
    return f"- {what} {item.outcome}: {_code(item.reason)}{origin}"


def _host(item: HostView) -> str:
    return f"- {_code(f'{item.school} {item.host}')}: {_code(item.error)}"


def _problem(problem: ProblemView) -> str:
    done = f"{problem.action} {_code(problem.what)}" if problem.action else problem.what
    what = f"{_code(problem.hosts)} {done}"
    title = f"{problem.outcome}: {what}" + (f": {_code(problem.message)}" if problem.message else "")
    return _folded(title, problem.tail, "text") if problem.tail else f"- {title}"


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
    cells = [_code(row.school), _code(row.hosts), *map(str, row.counts), f"{row.seconds:.1f}"]
    return "| " + " | ".join(cells) + " |"


def _folded(title: str, lines: Iterable[str], language: str) -> str:
    """A part that opens on a click, with a fence that nothing in it can close."""
    body = _bounded(lines)
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"<details><summary>{title}</summary>\n\n{fence}{language}\n{body}{fence}\n\n</details>\n"


def _bounded(lines: Iterable[str]) -> str:
    kept, size, left_out = [], 0, 0
    for text in lines:
        size += len(text.encode()) + 1
        if size > BLOCK_LIMIT:
            left_out += 1
        else:
            kept.append(f"{text}\n")
    return "".join(kept) + (f"... ({left_out} more lines)\n" if left_out else "")


def _code(text: str) -> str:
    """Inline code as HTML: unlike backticks it holds any text, also in a table and in a summary."""
    # Escaping the pipe keeps a table's cell whole; the others could start Markdown between the tags.
    safe = re.sub(r"[|`*_\[\]\\~@#:]", lambda match: f"&#{ord(match[0])};", escape(text))
    return f"<code>{safe}</code>"


def _text(text: str) -> str:
    """Text of our own that holds nothing foreign, as a heading."""
    return escape(text)

"""Pieces of Markdown for a comment on a pull request: bounded, and safe whatever they hold.

Forges cut or refuse long comments: blocks that do not fit are left out whole and counted, so that every fence
and every folded part that was opened is closed. What hosts and manifests say stands in fenced blocks longer
than any fence inside, or in `<code>` with HTML escaped, where a forge makes no mentions or links of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from engine.report.lines import Line

SIZE_LIMIT = 60_000  # bytes of UTF-8; GitHub takes 65,536 characters
BLOCK_LIMIT = 20_000  # bytes of one fenced block
_NOTE_ROOM = 400  # bytes kept free for the last lines


def titled(title: str, blocks: Iterable[str]) -> Iterator[str]:
    """The title goes with the first block, so that it cannot stand alone."""
    for number, block in enumerate(blocks):
        yield f"{title}\n{block}" if number == 0 else block


def fitted(head: str, blocks: Iterable[str], limit: int, elsewhere: str) -> str:
    """At most `limit` bytes. What is left out is counted, and `elsewhere` says where it can be seen."""
    parts, size, left_out = [head], len(head.encode()), 0
    for block in blocks:
        length = len(block.encode()) + 1
        if left_out or size + length > limit - _NOTE_ROOM:
            left_out += 1
            continue
        parts.append(block)
        size += length
    if left_out:
        parts.append(f"**{left_out} more parts do not fit into this comment.** {elsewhere}\n")
    return "\n".join(parts)


def diff_line(item: Line) -> str:
    """A forge colours lines of a diff by their first character, so a mark is moved to the front."""
    text = str(item).rstrip()
    stripped = text.lstrip()
    if stripped[:2] in {"+ ", "- "}:
        return f"{stripped[0]} {' ' * (len(text) - len(stripped))}{stripped[2:]}"
    return f"  {text}"


def folded(title: str, lines: Iterable[str], language: str) -> str:
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


def code(text: str) -> str:
    """Inline code as HTML: unlike backticks it holds any text, also in a table and in a summary."""
    # Escaping the pipe keeps a table's cell whole; the others could start Markdown between the tags.
    safe = re.sub(r"[|`*_\[\]\\~@#:]", lambda match: f"&#{ord(match[0])};", escape(text))
    return f"<code>{safe}</code>"


def plain_text(text: str) -> str:
    """Text of our own that holds nothing foreign, as a heading."""
    return escape(text)

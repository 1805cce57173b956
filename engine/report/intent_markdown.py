"""A change of the manifests as Markdown, for a comment on a pull request."""

from __future__ import annotations

from engine.model.intent import IntentAction, IntentDiff
from engine.report.intent_text import change_lines
from engine.report.intent_view import IntentBlock, intent_view
from engine.report.markdown_parts import SIZE_LIMIT, code, diff_line, fitted, folded, plain_text, titled

_WORDS = {IntentAction.ADD: "added", IntentAction.CHANGE: "changed", IntentAction.REMOVE: "removed"}
_ELSEWHERE = "`rollcall diff --format json` gives them all."


def intent_markdown(diff: IntentDiff, limit: int = SIZE_LIMIT) -> str:
    """The difference in at most `limit` bytes (2,000 at least)."""
    view = intent_view(diff)
    head = f"### {plain_text(view.summary)}\n\nFrom {code(view.base)} to {code(view.head)}.\n"
    moves = [f"- {_WORDS[action]}: {code(what)}" for action, what in view.came_and_went]
    mistakes = [folded(plain_text(view.mistakes[0]), view.mistakes[1:], "text")] if view.mistakes else []
    blocks = (
        *mistakes,
        *titled("#### Schools and hosts\n", moves),
        *titled("#### Resources\n", map(_block, view.blocks)),
    )
    return fitted(head, blocks, limit, _ELSEWHERE)


def _block(block: IntentBlock) -> str:
    lines = [f"  # {place}" for place in block.places]
    lines += [diff_line(item) for change in block.changes for item in change_lines(change, indent=0)]
    count = "1 change" if len(block.changes) == 1 else f"{len(block.changes)} changes"
    return folded(f"{code(block.title)}: {count}", lines, "diff")

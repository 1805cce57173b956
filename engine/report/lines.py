"""Styled lines: what the text drawings are made of, before they meet a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console, RenderResult
from rich.console import ConsoleOptions as Options
from rich.text import Text


class Style(StrEnum):
    """What a piece of text means; the value is how rich shows it."""

    PLAIN = ""
    HEADING = "bold"
    QUIET = "dim"
    ADD = "green"
    CHANGE = "yellow"
    REMOVE = "red"
    GOOD = "bold green"
    BAD = "bold red"
    WARNING = "bold yellow"


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of text on one line; what does not fit goes on below, `indent` + 2 to the right."""

    pieces: tuple[tuple[str, Style], ...]
    indent: int = 0

    def __str__(self) -> str:
        return (" " * self.indent + "".join(text for text, _ in self.pieces)).rstrip()


BLANK = Line(())


def line(text: str, style: Style = Style.PLAIN, indent: int = 0) -> Line:
    """A line of one piece."""
    return Line(((text, style),), indent)


def plain(lines: Iterable[Line]) -> str:
    """The lines without colour and without wrapping, each ending in a newline."""
    return "".join(f"{item}\n" for item in lines)


def draw(console: Console, lines: Iterable[Line]) -> None:
    """Print the lines; in a pipe or file no line is wrapped or cut."""
    console.print(Drawing(tuple(lines)), soft_wrap=not console.is_terminal)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines that rich can print. They wrap at the terminal's width, and nowhere else."""

    lines: tuple[Line, ...]

    def __rich_console__(self, console: Console, options: Options) -> RenderResult:
        for item in self.lines:
            yield from _wrapped(item, console, options.max_width if console.is_terminal else None)


def _wrapped(item: Line, console: Console, width: int | None) -> Iterator[Text]:
    # Assembled from pieces and never parsed: square brackets in a name are no markup.
    text = Text.assemble(*((piece, str(style)) for piece, style in item.pieces))
    if width is None:
        text.rstrip()
        yield Text(" " * item.indent, no_wrap=True, overflow="ignore").append_text(text)
        return
    room = max(width - item.indent - 2, 8)
    for number, part in enumerate(text.wrap(console, room, overflow="fold")):
        part.rstrip()
        yield Text(" " * (item.indent + (2 if number else 0))).append_text(part)

"""Where output goes: results to stdout, everything else to stderr; colours only where they are wanted."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Screen:
    """The two consoles of a command, and how it asks."""

    out: Console
    err: Console
    ask: Callable[[], str] | None  # None: nobody is there to answer

    @property
    def lively(self) -> bool:
        """Progress may redraw its lines."""
        return self.err.is_terminal and not self.err.is_dumb_terminal


def open_screen(*, no_color: bool, environment: Mapping[str, str] = os.environ) -> Screen:
    """The screen of this process. `NO_COLOR` (any value but an empty one) works as `--no-color` does."""
    plain = no_color or bool(environment.get("NO_COLOR"))
    return Screen(_console(sys.stdout, plain), _console(sys.stderr, plain), _asker())


def emit(screen: Screen, text: str) -> None:
    """Text for machines: byte by byte as it is, never wrapped or coloured."""
    screen.out.file.write(text)
    screen.out.file.flush()


def say(screen: Screen, text: str) -> None:
    """One line for the person in front of the screen, on stderr."""
    screen.err.print(text, soft_wrap=True)


def _console(stream: TextIO, plain: bool) -> Console:
    if isinstance(stream, io.TextIOWrapper):
        # A code page that lacks a character must not end the command.
        stream.reconfigure(errors="backslashreplace")
    return Console(
        file=stream, color_system=None if plain else "auto", highlight=False, markup=False, emoji=False
    )


def _asker() -> Callable[[], str] | None:
    """Reads a line from the terminal; the question goes to stderr, as stdout may be a machine's."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return sys.stdin.readline

"""Tries every regular expression of the rooms that read manifests on texts that make bad ones slow.

    python -m tests.compiler.hostile.expressions

Each gets a second of processor time for a text as long as a value may be; prints those that take longer.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType

import engine.compiler
import engine.kinds
import engine.manifest
import engine.model
from engine.manifest import limits

SECONDS = 1.0
_PIECES = (
    *(
        "a",
        "A",
        "0",
        " ",
        "-",
        ".",
        "_",
        "/",
        "\\",
        "'",
        '"',
        "{",
        "[",
        "(",
        "%",
        "#",
        ":",
        "=",
        "\n",
        "\u0131",
    ),
    *(
        "a-",
        "a.",
        "0.",
        "1-",
        "a ",
        " a",
        "a:",
        "/a",
        "\\a",
        "a=",
        "{a",
        "[0-",
        "0,",
        "-a ",
        "a/b/",
        "a\n",
        "% ",
    ),
)


class _Slow(Exception):
    pass


def patterns() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Every compiled expression over text that stands in a module, with its name.

    With it, whether its module looks for it at every place of a text, which takes longer than at one.
    """
    for package in (engine.compiler, engine.kinds, engine.manifest, engine.model):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            source = inspect.getsource(module)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    anywhere = re.search(rf"{name}\.(?:search|finditer|findall|sub|split)\(", source)
                    yield f"{found.name}.{name}", value, anywhere is not None


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Slow(f"signal {number} at {frame}")


def is_slow(pattern: re.Pattern[str], text: str, anywhere: bool) -> bool:
    """Whether a match, and with `anywhere` a search, takes more than `SECONDS` of processor time."""
    with suppress(_Slow):
        for look in (pattern.match, pattern.fullmatch, *((pattern.search,) if anywhere else ())):
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            look(text)
            signal.setitimer(signal.ITIMER_PROF, 0)
        return False
    return True


if __name__ == "__main__":
    signal.signal(signal.SIGPROF, _stop)
    looked = 0
    for name, pattern, anywhere in patterns():
        looked += 1
        for piece in _PIECES:
            text = (piece * limits.SCALAR_CHARACTERS)[: limits.SCALAR_CHARACTERS] + "\x00"
            if is_slow(pattern, text, anywhere):
                sys.stdout.write(f"{name} on {piece!r}: {pattern.pattern}\n")
    sys.stdout.write(f"{looked} expressions\n")

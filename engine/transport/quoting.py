"""A command line for a Windows program, which takes one text and splits it itself. Pure.

The host is asked to start the program without cmd.exe. Newer versions of Windows do not promise to heed
that, so what cmd.exe would act on is either kept inside double quotes, where it is plain text to both
readers, or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.model.words import quoted
from engine.transport.refusals import UnsafeArgument

_NEEDS_QUOTES = re.compile(r'[\s"&|<>^]|^$')
_OPERATORS = re.compile(r"[&|<>^]")
_REFUSED = re.compile(r"[%\x00-\x08\x0a-\x1f]")
_BACKSLASHES_BEFORE_QUOTE = re.compile(r'(\\*)"')
_BACKSLASHES_AT_END = re.compile(r"(\\+)$")
_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def quote(argument: str) -> str:
    """One argument, written so that CommandLineToArgvW and the C runtime give it back unchanged.

    Backslashes count only before a double quote, where each needs another one (Microsoft, "Parsing C
    command-line arguments").

    Raises:
        UnsafeArgument: it holds a percent sign, a line break or another control character, or a double
            quote together with one of `& | < > ^`.
    """
    _check(argument)
    if not _NEEDS_QUOTES.search(argument):
        return argument
    escaped = _BACKSLASHES_BEFORE_QUOTE.sub(r'\1\1\\"', argument)
    return '"' + _BACKSLASHES_AT_END.sub(r"\1\1", escaped) + '"'


def command_line(arguments: Iterable[str]) -> str:
    """All arguments as one text.

    Raises:
        UnsafeArgument: see `quote`.
    """
    return " ".join(quote(argument) for argument in arguments)


def quote_property(argument: str) -> str:
    """An argument of the form NAME=some value, as Windows Installer reads it: only the value in quotes.

    msiexec does not take `"NAME=some value"`; a quote within the value is doubled (Microsoft, "Command-line
    options" of Windows Installer). Any other argument is quoted as for every program.

    Raises:
        UnsafeArgument: see `quote`.
    """
    name, equals, value = argument.partition("=")
    if not equals or not _PROPERTY.fullmatch(name) or not value or not _NEEDS_QUOTES.search(value):
        return quote(argument)
    _check(argument)
    doubled = value.replace('"', '""')
    return f'{name}="{doubled}"'


def check_program(path: str) -> str:
    """The path of a program, which is not quoted, if it holds nothing that cmd.exe would act on.

    Raises:
        UnsafeArgument: it does.
    """
    _check(path)
    if '"' in path or _OPERATORS.search(path):
        raise UnsafeArgument(
            f"the path of a program may not hold a double quote or & | < > ^: {quoted(path)}"
        )
    return path


def _check(argument: str) -> None:
    if _REFUSED.search(argument):
        raise UnsafeArgument("an argument of a program may not hold a percent sign or a control character")
    if '"' in argument and _OPERATORS.search(argument):
        raise UnsafeArgument(
            "an argument of a program may not hold a double quote together with & | < > or ^"
        )

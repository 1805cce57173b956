"""One line as a person types it at a PowerShell prompt, read as a typed statement. It is never run as text.

    line       = command *( "|" command )
    command    = Verb-Noun *( -Name [ value ] )        a parameter without a value is a switch
    value      = atom *( "," atom )                    -Name:value is the same as -Name value
    atom       = number / $true / $false / $null / 'text' / "text" / word

In quotes a doubled quote stands for itself. Variables, subexpressions, blocks, redirections and everything
else of the language are refused: `$` in double quotes and the back-tick would mean something to PowerShell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.app.errors import AppError
from engine.model.command import Argument, Command, Statement
from engine.model.words import quoted

_COMMAND = re.compile(r"[A-Za-z]+-[A-Za-z0-9]+")
_NAME = re.compile(r"-([A-Za-z][A-Za-z0-9]*)(:?)")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<pipe>\|) | (?P<comma>,)
      | '(?P<single>(?:[^']|'')*)' | "(?P<double>(?:[^"]|"")*)"
      | (?P<name>-[A-Za-z][A-Za-z0-9]*:?) | (?P<word>[^\s|,'"]+)
    )""",
    re.VERBOSE,
)
_FORBIDDEN = re.compile(r"[;&<>(){}`@$#]")
_CONSTANTS: dict[str, bool | str] = {"$true": True, "$false": False, "$null": ""}


class UnreadableCommand(AppError):
    """The line is not one that can be run; the message shows where."""


@dataclass(frozen=True, slots=True)
class _Token:
    type: Literal["pipe", "comma", "text", "name", "word", "end"]
    text: str
    at: int  # characters before it


def parse_command_line(line: str) -> Statement:
    """Read a line.

    Raises:
        UnreadableCommand: it is no such line.
    """
    reader = _Reader(line)
    commands = [reader.command()]
    while reader.take("pipe"):
        commands.append(reader.command())
    reader.expect_end()
    return Statement(commands=tuple(commands))


def _tokens(line: str) -> Iterator[_Token]:
    place = 0
    while line[place:].strip():
        match = _TOKEN.match(line, place)
        if match is None:
            raise UnreadableCommand(f"a quote at character {place + 1} is never closed: {line}")
        kind, text = match.lastgroup, match.group(match.lastgroup or 0)
        start = match.start(match.lastgroup or 0)
        match kind:
            case "single":
                yield _Token("text", text.replace("''", "'"), start)
            case "double":
                if "$" in text or "`" in text:
                    raise UnreadableCommand(f"write single quotes around a text with $ or `: {line}")
                yield _Token("text", text.replace('""', '"'), start)
            case "pipe" | "comma" | "name" | "word":
                yield _Token(kind, text, start)
        place = match.end()
    yield _Token("end", "the end", len(line))


class _Reader:
    def __init__(self, line: str) -> None:
        self._line = line
        self._tokens = list(_tokens(line))
        self._place = 0

    def _peek(self) -> _Token:
        return self._tokens[self._place]

    def _next(self) -> _Token:
        token = self._peek()
        self._place += token.type != "end"
        return token

    def _refuse(self, token: _Token, wanted: str) -> UnreadableCommand:
        return UnreadableCommand(
            f"at character {token.at + 1}, {quoted(token.text)}: {wanted} was expected: {self._line}"
        )

    def take(self, kind: str) -> bool:
        """Step over a token of this kind, if it is next."""
        found = self._peek().type == kind
        self._place += found
        return found

    def expect_end(self) -> None:
        if self._peek().type != "end":
            raise self._refuse(self._peek(), "a parameter such as -Name, or |,")

    def command(self) -> Command:
        token = self._next()
        if token.type != "word" or not _COMMAND.fullmatch(token.text):
            raise self._refuse(token, "a command such as Get-SmbShare")
        parameters: dict[str, Argument] = {}
        while self._peek().type == "name":
            name, value = self._parameter()
            parameters[name] = value
        return Command.of(token.text, parameters)

    def _parameter(self) -> tuple[str, Argument]:
        text = self._next().text
        name = text.strip("-:")
        if not text.endswith(":") and self._peek().type in ("name", "pipe", "end"):
            return name, True
        atoms = [self._atom()]
        while self.take("comma"):
            atoms.append(self._atom())
        return name, atoms[0] if len(atoms) == 1 else self._listed(atoms)

    def _listed(self, atoms: list[bool | int | str]) -> Argument:
        numbers = tuple(a for a in atoms if isinstance(a, int) and not isinstance(a, bool))
        if len(numbers) == len(atoms):
            return numbers
        texts = tuple(a for a in atoms if isinstance(a, str))
        if len(texts) == len(atoms):
            return texts
        raise UnreadableCommand(f"a list is of texts or of numbers, not of both: {self._line}")

    def _atom(self) -> bool | int | str:
        token = self._next()
        if token.type == "text":
            return token.text
        if token.type != "word":
            raise self._refuse(token, "a value")
        if token.text.casefold() in _CONSTANTS:
            return _CONSTANTS[token.text.casefold()]
        if _NUMBER.fullmatch(token.text):
            return int(token.text)
        if _FORBIDDEN.search(token.text):
            raise self._refuse(token, "a plain value, or one in single quotes,")
        return token.text

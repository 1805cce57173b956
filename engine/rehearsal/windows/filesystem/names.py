"""File names and paths: what NTFS accepts, how names compare, and how patterns match them."""

from __future__ import annotations

import re

from engine.rehearsal.windows.ntstatus import NtError, NtStatus

MAXIMUM_NAME = 255  # UTF-16 code units of one component
MAXIMUM_PATH = 32_000  # UTF-16 code units

_ILLEGAL = re.compile(r'[\x00-\x1f"*/:<>?\\|]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[1-9]|LPT[1-9])(?:\..*)?", re.IGNORECASE)
_DRIVE = re.compile(r"([A-Za-z]):(?:[\\/](.*))?", re.DOTALL)

# Wildcards of directory queries (MS-FSA 2.1.4.4): the last three are what DOS patterns turn into.
_STAR, _QUESTION, _DOS_STAR, _DOS_QUESTION, _DOS_DOT = "*", "?", "<", ">", '"'


def fold(name: str) -> str:
    """The form in which names compare: upper case, character by character, as NTFS' table does."""
    if name.isascii():
        return name.upper()
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in name)


def check_name(name: str) -> None:
    """Refuse what no file may be called.

    Raises:
        NtError: STATUS_OBJECT_NAME_INVALID; for `..` STATUS_OBJECT_PATH_SYNTAX_BAD.
    """
    if name == "..":
        raise NtError(NtStatus.OBJECT_PATH_SYNTAX_BAD)
    if (
        not name
        or _length(name) > MAXIMUM_NAME
        or name[-1] in ". "
        or _ILLEGAL.search(name)
        or _DEVICE.fullmatch(name)
    ):
        raise NtError(NtStatus.OBJECT_NAME_INVALID)


def _length(name: str) -> int:
    """UTF-16 code units; half a surrogate pair, which no store of names takes, makes a name too long."""
    try:
        return len(name.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        return MAXIMUM_NAME + 1


def split_relative(path: str) -> tuple[str, ...]:
    """The components of a path below a share or volume, as SMB sends it: `a\\b`, or empty for the root.

    Raises:
        NtError: STATUS_INVALID_PARAMETER for a leading separator, STATUS_OBJECT_NAME_INVALID otherwise.
    """
    if not path:
        return ()
    if path[0] == "\\":
        raise NtError(NtStatus.INVALID_PARAMETER)
    if len(path) > MAXIMUM_PATH:
        raise NtError(NtStatus.OBJECT_NAME_INVALID)
    # The unnamed stream of a file is the file itself; there are no others here.
    parts = tuple(path.removesuffix("::$DATA").split("\\"))
    for part in parts:
        check_name(part)
    return parts


def split_absolute(path: str) -> tuple[str, tuple[str, ...]]:
    """Drive letter and components of a path as programs write it (`D:\\Shares\\.\\Staff\\`).

    Separators, `.`, `..` and the dots and blanks at the end of names are treated as Win32 does
    (Microsoft's documentation of "Naming Files, Paths, and Namespaces").

    Raises:
        NtError: the path names no drive, or holds an illegal name.
    """
    match = _DRIVE.fullmatch(path)
    if match is None:
        raise NtError(NtStatus.OBJECT_PATH_SYNTAX_BAD)
    parts: list[str] = []
    for raw in re.split(r"[\\/]+", match[2] or ""):
        if raw == "..":
            del parts[-1:]
        elif name := raw.rstrip(". "):
            check_name(name)
            parts.append(name)
    return match[1].upper(), tuple(parts)


def matches(pattern: str, name: str) -> bool:
    """If a directory query's pattern takes in `name`, without case (MS-FSA 2.1.4.4).

    Follows all ways to match at once, so that no pattern takes longer than its length times the name's.
    """
    expression, text = fold(pattern), fold(name)
    last_dot = text.rfind(".")
    states = _reachable(expression, {0}, at_end=not text)
    for position, char in enumerate(text):
        at_end = position + 1 == len(text)
        stepped: set[int] = set()
        for state in states:
            stepped |= _consume(expression, state, char, position - last_dot)
        states = _reachable(expression, stepped, at_end=at_end)
        if not states:
            return False
    return len(expression) in states


def _consume(expression: str, state: int, char: str, from_last_dot: int) -> set[int]:
    if state == len(expression):
        return set()
    want = expression[state]
    if want == _STAR:
        return {state}
    if want == _DOS_STAR:
        # It may take everything up to the last dot, and that dot only as its own last character.
        return {state + 1} if from_last_dot == 0 else {state}
    if want == _DOS_QUESTION:
        return {state + 1} if char != "." else set()
    if want == _DOS_DOT:
        return {state + 1} if char == "." else set()
    return {state + 1} if want in (_QUESTION, char) else set()


def _reachable(expression: str, states: set[int], at_end: bool) -> set[int]:
    """`states` with those that are reached from them without taking a character."""
    found = set(states)
    pending = list(states)
    while pending:
        state = pending.pop()
        if state == len(expression):
            continue
        want = expression[state]
        skips = want in (_STAR, _DOS_STAR, _DOS_QUESTION) or (want == _DOS_DOT and at_end)
        if skips and state + 1 not in found:
            found.add(state + 1)
            pending.append(state + 1)
    return found

"""The canonical form of one value: plain where every reader of YAML takes it for the same, else in quotes."""

from __future__ import annotations

import re

from engine.manifest.roundtrip.layout import Scalar
from engine.manifest.scalars import core_value

# A plain text may start with other characters too, but in each case with an exception to be remembered.
_FIRST = re.compile(r"[^\W_]|[_./\\($+~;^]")
_ANYWHERE = re.compile(r"[^,\[\]{}\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*\Z")
# What readers of YAML 1.1 take for something else than a text (the types of yaml.org/type).
_OTHER_IN_1_1 = re.compile(
    r"""(?:y|n|yes|no|on|off|true|false|null|~)\Z
    | [-+]?0b[01_]+\Z | [-+]?0x[0-9a-f_]+\Z | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?\Z
    | [-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:e[-+]?[0-9]+)?\Z | [-+]?[0-9][0-9_.]*e[-+]?[0-9]+\Z
    | [-+]?\.(?:inf|nan)\Z
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?\Z
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def form(scalar: Scalar, *, in_brackets: bool) -> str:
    """A value on one line, with its anchor. Plain values stay exactly as they are written."""
    text = _form(scalar, in_brackets)
    return text if scalar.anchor is None else f"&{scalar.anchor} {text}".rstrip()


def is_on_lines(scalar: Scalar) -> bool:
    """Whether a value, other than a block text, goes over several lines of its file."""
    return scalar.style != "block" and "\n" in scalar.source


def quoted(text: str, *, in_brackets: bool = False) -> str:
    """A text as a value: plain where it can be, else in single quotes, or in double ones with escapes."""
    if can_be_plain(text, in_brackets=in_brackets):
        return text
    if not _is_printable(text):
        return f'"{"".join(map(_escaped, text))}"'
    if "'" in text and not set(text) & {'"', "\\"}:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def can_be_plain(text: str, *, in_brackets: bool) -> bool:
    """Whether a text without quotes is still this text, for readers of YAML 1.1 too.

    Texts with brackets, braces or commas keep their quotes everywhere: inside brackets they need them, and
    people move lines around.
    """
    if not _FIRST.match(text) or not _ANYWHERE.match(text) or text != text.strip():
        return False
    if ": " in text or " #" in text or text.endswith(":") or (in_brackets and ":" in text):
        return False
    return isinstance(core_value(text), str) and not _OTHER_IN_1_1.match(text)


def _form(scalar: Scalar, in_brackets: bool) -> str:
    if scalar.style == "alias" or (scalar.style == "plain" and "\n" not in scalar.source):
        return scalar.source
    if not _is_printable(scalar.text) and "\n" not in scalar.source:
        return scalar.source  # with the escapes that its writer chose
    return quoted(scalar.text, in_brackets=in_brackets)


def _is_printable(text: str) -> bool:
    return all(character.isprintable() for character in text)


def _escaped(character: str) -> str:
    short = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\r": "\\r"}
    if character in short:
        return short[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""Text from hosts, made fit to be shown and kept: one line, or the bounded tail of a log without secrets."""

from __future__ import annotations

import re

LOG_BYTES = 4096  # of a log, for a failed change

_SECRET = re.compile(
    r"""(?ix) \b ( \w* (?: passw(?:or)?d | passphrase | pwd | secret | token | apikey | api_key | credential
        | licen[cs]e_?key | serial | pidkey ) \w* ) (\s* [=:] \s*) ( "[^"]*" | '[^']*' | \S+ )"""
)
# Halves of surrogate pairs as well: a text that holds one alone cannot be written anywhere.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def one_line(text: str, limit: int = 500) -> str:
    """`text` in one line without control characters, cut at `limit` characters."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def log_tail(text: str) -> str:
    """The end of a log: line breaks kept, values that look like secrets masked, at most `LOG_BYTES` long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    masked = _SECRET.sub(r"\1\2***", _CONTROL.sub("", lines))
    return masked[-LOG_BYTES:].strip()

"""What a plain scalar means: the YAML 1.2 core schema (YAML 1.2.2, chapter 10.3.2), and nothing of 1.1.

So `no`, `on` and `1:30` are texts, `08` is the number 8 and `1e3` the number 1000. A field that takes a
text gets the written form (`08`, `1e3`) whatever the scalar means; see `engine.manifest.schema`.
"""

from __future__ import annotations

import re

from engine.manifest.nodes import ScalarValue

_WORDS: dict[str, ScalarValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,40}\Z", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]{1,40}\Z", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,40}\Z", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,4})?\Z", re.ASCII
)
_FIRST = frozenset("0123456789+-.")


def core_value(text: str) -> ScalarValue:
    """The meaning of a plain scalar. Numbers of more than 40 digits are texts: nobody means a number."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST:
        return text
    if _INTEGER.match(text):
        return int(text)
    if _HEXADECIMAL.match(text):
        return int(text, 16)
    if _OCTAL.match(text):
        return int(text[2:], 8)
    if _FLOAT.match(text):
        return float(text)
    return text

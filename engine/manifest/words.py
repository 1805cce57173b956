"""Pydantic's error types in the words of the people who write manifests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.manifest.nodes import MappingNode, Node, ScalarNode
from engine.manifest.scalars import core_value
from engine.model.form import WRITTEN_OUT
from engine.model.source import may_show_logon


@dataclass(frozen=True, slots=True)
class Explanation:
    """Either what was expected of the value (`expected`), or a sentence that follows the field's name."""

    rule: str
    message: str = ""
    expected: str = ""


_TEXT, _NUMBER, _SWITCH = "a text", "a whole number", "`true` or `false`"
_LIST, _GROUP = "a list", "a group of `field: value` lines"

_EXPECTED: dict[str, str] = {
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode", "is_instance_of"), _TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _NUMBER),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), _SWITCH),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), _GROUP),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "a date such as 2026-09-01"),
    **dict.fromkeys(("datetime_type", "datetime_parsing"), "a time such as 2026-09-01T07:00:00Z"),
    "none_required": "nothing",
}

_SENTENCES: dict[str, str] = {
    "string_too_short": "needs {min_length} or more characters",
    "string_too_long": "may have at most {max_length} characters",
    "string_pattern_mismatch": "does not have the form that is expected here",
    "too_short": "needs {min_length} or more items",
    "too_long": "may have at most {max_length} items",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "union_tag_not_found": "does not say which type it is: `type` is missing",
    "union_tag_invalid": "has a `type` that does not exist; it must be {expected_tags}",
    "recursion_loop": "contains itself",
}


_OF_TEXTS = {"too_short": "string_too_short", "too_long": "string_too_long"}


def explain(kind: str, context: Mapping[str, object], message: str) -> Explanation:
    """What pydantic's error `kind` means. `message` is used for errors that our own validators raised."""
    if kind in _EXPECTED:
        return Explanation("wrong-type", expected=_EXPECTED[kind])
    if kind in _SENTENCES:
        words = {key: str(value).replace("'", "`") for key, value in context.items()}
        if (
            context.get("field_type") == "Value" and kind in _OF_TEXTS
        ):  # a text that something else has checked
            kind = _OF_TEXTS[kind]
        return Explanation("invalid-value", message=_SENTENCES[kind].format_map(words))
    if kind == WRITTEN_OUT:
        return Explanation("secret-in-manifest", message=_own_words(message))
    if kind in ("value_error", "assertion_error"):
        return Explanation("invalid-value", message=_own_words(message))
    return Explanation("invalid-value", message="does not have the form that is expected here")


def _own_words(message: str) -> str:
    """The text of a validator's ValueError without pydantic's prefix; it reads on after the field's name."""
    for prefix in ("Value error, ", "Assertion failed, "):
        message = message.removeprefix(prefix)
    return f"is not valid: {message}"


_SWITCHES = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def another_form(node: Node, expected: Sequence[str], fields: Sequence[str] = ()) -> str:
    """How to write the same value so that it is what was expected, where that can be guessed.

    `fields` are those of the group that was expected.
    """
    if isinstance(node, MappingNode):
        return _braces(node) if _TEXT in expected else ""
    if not isinstance(node, ScalarNode) or node.value is None or isinstance(node.value, bool):
        return ""
    if isinstance(node.value, str) and (form := _other_scalar(node, expected)):
        return form
    if len(node.text) >= _LONGEST or not node.text.isprintable() or may_show_logon(node.text):
        return ""
    if _LIST in expected:
        return _as_list(node.text)
    return f"write `{fields[0]}: {node.text}`" if _GROUP in expected and fields else ""


_LONGEST = 40  # characters of a value that a suggestion repeats
_SWITCH_OF_A_PROGRAM = re.compile(r"[/-]\S+(?:\s+[/-]\S+)+")
_FROM_TO = re.compile(r"(?P<first>[0-9]{1,3}) *[-\u2013] *(?P<last>[0-9]{1,3})")


def _other_scalar(node: ScalarNode, expected: Sequence[str]) -> str:
    if _SWITCH in expected and node.text.casefold() in _SWITCHES:
        return f"write `{_SWITCHES[node.text.casefold()]}`"
    if _SWITCH in expected and isinstance(core_value(node.text), bool):
        return "write it without quotes"
    if _NUMBER in expected and type(core_value(node.text)) is int:
        return "write it without quotes"
    return ""


def _as_list(text: str) -> str:
    if not text.strip():
        return ""
    if _SWITCH_OF_A_PROGRAM.fullmatch(text):
        return f"write `[{', '.join(text.split())}]`"
    numbers = _FROM_TO.fullmatch(text)
    if numbers is not None:
        several = range(int(numbers["first"]), int(numbers["last"]) + 1)
        return f"write `[{', '.join(map(str, several))}]`" if 0 < len(several) <= _MOST_ITEMS else ""
    return f"write `[{text}]`"


_MOST_ITEMS = 20


def _braces(node: MappingNode) -> str:
    """A text in braces, such as a product code, is a group with one field to YAML."""
    if len(node.entries) != 1:
        return ""
    (entry,) = node.entries.values()
    is_text = isinstance(entry.value, ScalarNode) and entry.value.value is None and len(entry.key) < _LONGEST
    return f"a text in braces needs quotes: write '{{{entry.key}}}'" if is_text else ""

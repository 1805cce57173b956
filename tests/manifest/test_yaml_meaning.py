"""YAML 1.2 on the fast path: what is written is what is meant."""

from __future__ import annotations

import math

import pytest
from _ruamel_yaml import CParser
from hypothesis import given
from hypothesis import strategies as st

from engine.manifest import events
from engine.manifest.documents.district import Connection, SchoolGroup
from engine.manifest.nodes import MappingNode, ScalarNode, SequenceNode, plain
from engine.manifest.schema import check
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Origin


def value(text: str) -> ScalarNode:
    """The value of `key: TEXT`."""
    node, findings = parse_yaml(f"key: {text}\n", "f.yaml")
    assert findings == ()
    assert isinstance(node, MappingNode)
    found = node.get("key")
    assert isinstance(found, ScalarNode)
    return found


WORDS = (
    "no No NO yes on off y n 1:30 12:30:45 2026-09-01 1_000 0b11 = << 0o9 0x 1e + . 1.2.3 08-15 tRue nULL"
    " 10.0.0.1 6.0.848"
)


@pytest.mark.parametrize("text", WORDS.split())
def test_words_of_yaml_1_1_are_texts(text: str) -> None:
    found = value(text)
    assert found.value == text
    assert isinstance(found.value, str)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("08", 8),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-12", -12),
        ("+12", 12),
        ("1e3", 1000.0),
        ("6.10", 6.1),
        (".5", 0.5),
        ("-.inf", -math.inf),
    ],
)
def test_the_core_schema(text: str, meaning: object) -> None:
    found = value(text)
    assert found.value == meaning
    assert type(found.value) is type(meaning)
    assert found.text == text  # the written form is kept


@pytest.mark.parametrize("text", ["no", "08", "1:30", "1e3", "true", "null", "~", "0x1F", ""])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quoted_value_is_its_text(text: str, quote: str) -> None:
    assert value(f"{quote}{text}{quote}").value == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("08", "08"), ("010", "010"), ("0o17", "0o17"), ("0x1F", "0x1F"), ("+1", "+1"), ("8", 8), ("-8", -8)],
)
def test_where_texts_and_numbers_may_stand_a_number_is_written_as_one(text: str, kept: object) -> None:
    node, _ = parse_yaml(f"vars: {{x: {text}}}\n", "f.yaml")
    assert node is not None
    group, findings = check(SchoolGroup, node, "the group")
    assert findings == ()
    assert group is not None
    assert group.vars == {"x": kept}


@pytest.mark.parametrize("text", ["08", "0o10", "0x8", "+8"])
def test_where_only_a_number_may_stand_any_form_is_one(text: str) -> None:
    node, _ = parse_yaml(f"port: {text}\n", "f.yaml")
    assert node is not None
    connection, findings = check(Connection, node, "the connection")
    assert findings == ()
    assert connection is not None
    assert connection.port == 8


def test_a_long_run_of_digits_is_a_text() -> None:
    assert value("9" * 5_000).value == "9" * 5_000


def test_the_events_come_from_libyaml() -> None:
    assert vars(events)["CParser"] is CParser
    assert CParser.__module__.endswith("_ruamel_yaml")  # the extension module, not Python


def test_every_key_and_value_knows_its_place() -> None:
    node, findings = parse_yaml("shares:\n  - name: Staff\n    hosts: [server, lab]\n", "s.yaml")
    assert findings == ()
    assert isinstance(node, MappingNode)
    assert node.place("shares") == Origin("s.yaml", 1, 1)
    shares = node.get("shares")
    assert isinstance(shares, SequenceNode)
    share = shares.items[0]
    assert isinstance(share, MappingNode)
    assert share.origin == Origin("s.yaml", 2, 5)
    assert share.place("hosts") == Origin("s.yaml", 3, 5)
    hosts = share.get("hosts")
    assert isinstance(hosts, SequenceNode)
    assert [item.origin.column for item in hosts.items] == [13, 21]


def test_columns_count_characters() -> None:
    node, _ = parse_yaml("é: {ü: x}\n", "s.yaml")
    assert isinstance(node, MappingNode)
    inner = node.get("é")
    assert isinstance(inner, MappingNode)
    assert inner.place("ü").column == 5


def test_an_alias_stands_for_its_anchor() -> None:
    node, findings = parse_yaml("a: &x [1, 2]\nb: *x\n", "s.yaml")
    assert findings == ()
    assert node is not None
    assert plain(node) == {"a": (1, 2), "b": (1, 2)}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


def as_yaml(data: object) -> str:
    """Flow style with every text in single quotes."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {as_yaml(item)}" for key, item in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(as_yaml(item) for item in data) + "]"
    if isinstance(data, str):
        return "'" + data.replace("'", "''") + "'"
    return {"None": "~", "True": "true", "False": "false"}.get(str(data), str(data))


def tuples(data: object) -> object:
    if isinstance(data, dict):
        return {key: tuples(item) for key, item in data.items()}
    return tuple(tuples(item) for item in data) if isinstance(data, list) else data


@given(JSON)
def test_what_is_written_comes_back(data: object) -> None:
    node, findings = parse_yaml(f"key: {as_yaml(data)}\n", "f.yaml")
    assert findings == ()
    assert node is not None
    assert plain(node) == {"key": tuples(data)}


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    node, findings = parse_yaml(text, "f.yaml")
    assert node is None or findings == () or findings
    assert all(finding.origin.line >= 1 and finding.origin.column >= 1 for finding in findings)

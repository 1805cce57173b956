"""What formatting promises for every document: one form, the same meaning, no comment lost."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.manifest.roundtrip.layout import remarks
from engine.manifest.roundtrip.reading import read_layout
from engine.manifest.roundtrip.rewriting import NotRewritten, Source, difference, formatted
from engine.manifest.yaml import parse_yaml
from tests.support.messy_yaml import messy_documents

_NUMBER = re.compile(r"r[0-9]+r")


def _source(text: str) -> Source | None:
    node, findings = parse_yaml(text, "a.yaml")
    return None if node is None or findings else Source(Path(), "a.yaml", text, node, text.encode())


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(messy_documents())
def test_formatting_again_changes_nothing_and_nothing_is_lost(document: str) -> None:
    source = _source(document)
    assume(source is not None)
    assert source is not None
    once = formatted(source).decode()
    again = _source(once)
    assert again is not None
    assert difference(again.node, source.node) is None
    assert formatted(again).decode() == once
    assert remarks(read_layout(once)) == remarks(read_layout(document))
    # Each comment has a number of its own, so this counts them by no code of ours.
    assert sorted(_NUMBER.findall(once)) == sorted(_NUMBER.findall(document))


_PIECES = (
    *(
        "a",
        "b: ",
        "c:\n",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "# x\n",
        " # y\n",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "'q'",
        '"d"',
    ),
    *(
        "&x ",
        "*x",
        "|\n",
        "|+\n",
        ">-\n",
        "|2\n",
        "? ",
        ": ",
        "1",
        "k: v\n",
        "'it''s'",
        "---\n",
        "...\n",
        "\t",
        "#z",
    ),
    *("'a\n  b'", '"a\\\n  b"', "a\n  b", "\u2028", "\u00e9"),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(lambda pieces: "k: " + "".join(pieces)))
def test_odd_documents_are_formatted_once_and_for_all_or_left_alone(document: str) -> None:
    source = _source(document)
    assume(source is not None)
    assert source is not None
    try:
        once = formatted(source).decode()
    except NotRewritten as why:
        once = ""
        assert str(why)  # noqa: PT017  what was read is either written or refused with a reason
    again = _source(once) if once else source
    assert again is not None
    assert not once or formatted(again).decode() == once

"""Versions compare as administrators of Windows expect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.versions import ANY, Comparison, Version, parse_version, parse_wanted

numbers = st.lists(st.integers(0, 70_000), min_size=1, max_size=6)
texts = numbers.map(lambda parts: ".".join(map(str, parts)))


def _version(text: str) -> Version:
    version = parse_version(text)
    assert version is not None
    return version


@pytest.mark.parametrize(
    "text", ["6.0.8", "6.0.8.0", "v6.0.8", "6,0,8,0", "6.0.8 (x64)", "GeoGebra 6.0.8", "06.00.08"]
)
def test_forms_of_one_version(text: str) -> None:
    assert parse_version(text) == Version((6, 0, 8))


@pytest.mark.parametrize(
    ("older", "newer"), [("6.0.9", "6.0.10"), ("6", "6.0.1"), ("6.0.8-beta", "6.0.9"), ("0", "0.1")]
)
def test_order(older: str, newer: str) -> None:
    assert _version(older) < _version(newer)


@pytest.mark.parametrize("text", ["", "beta", "version", "(x)"])
def test_no_number_is_no_version(text: str) -> None:
    assert parse_version(text) is None


def test_digits_of_other_scripts_are_no_numbers() -> None:
    assert parse_version("\u0666.\u0660") is None


def test_very_long_texts_end() -> None:
    assert parse_version("9" * 1_000_000) is not None


@given(texts, texts, texts)
def test_total_order(one: str, two: str, three: str) -> None:
    a, b, c = _version(one), _version(two), _version(three)
    assert (a < b) + (a == b) + (a > b) == 1
    assert not (a <= b and b <= c) or a <= c


@given(texts)
def test_zeros_at_the_end_and_canonical_text_change_nothing(text: str) -> None:
    version = _version(text)
    assert _version(text + ".0") == version
    assert _version(str(version)) == version


@given(texts, texts)
def test_what_is_wanted(wanted: str, found: str) -> None:
    least, exact = parse_wanted(f">={wanted}"), parse_wanted(wanted)
    assert least.admits(_version(found)) == (_version(found) >= _version(wanted))
    assert exact.admits(_version(found)) == (_version(found) == _version(wanted))


@pytest.mark.parametrize("text", ["", ">6", "=6.0", "6.x", "latest", ">= beta", "6.0 or newer"])
def test_other_rules_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="wanted"):
        parse_wanted(text)


@given(texts, st.integers(1, 6))
def test_only_so_many_numbers_count(text: str, parts: int) -> None:
    comparison = Comparison(parts=parts)
    kept = ".".join(text.split(".")[:parts])
    assert comparison.form(text) == comparison.form(kept)
    assert comparison.admits(text, kept)
    assert not comparison.is_newer(kept, text)


@given(texts, texts)
def test_all_numbers_count_where_nothing_is_said(wanted: str, found: str) -> None:
    comparison = Comparison()
    assert comparison.admits(f">={wanted}", found) == (_version(found) >= _version(wanted))
    assert comparison.admits(wanted, found) == (_version(found) == _version(wanted))
    assert comparison.is_newer(found, wanted) == (_version(found) > _version(wanted))
    assert (comparison.form(wanted) == comparison.form(found)) == comparison.admits(wanted, found)


def test_texts_are_the_same_or_not() -> None:
    comparison = Comparison(as_text=True)
    assert comparison.admits("2024 R2", " 2024  R2")
    assert not comparison.admits("2024 R2", "2025 R1")
    assert not comparison.is_newer("2025 R1", "2024 R2")
    assert comparison.admits(ANY, "beta")
    assert comparison.version("6.0") is None


@pytest.mark.parametrize("comparison", [Comparison(), Comparison(as_text=True)])
def test_what_cannot_be_compared_is_refused(comparison: Comparison) -> None:
    comparison.check_wanted(ANY)
    with pytest.raises(ValueError, match="version"):
        comparison.check_wanted(">=2024 R2")

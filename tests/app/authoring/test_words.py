"""Short names and titles from what products call themselves."""

from __future__ import annotations

import pytest

from engine.app.authoring.words import (
    checked_identifier,
    chosen_identifier,
    near,
    proposed_identifier,
    proposed_title,
)
from engine.app.errors import NotWritten


@pytest.mark.parametrize(
    ("name", "title", "identifier"),
    [
        ("7-Zip 24.09 (x64 edition)", "7-Zip", "7-zip"),
        ("Mozilla Firefox ESR (x64 en-US)", "Mozilla Firefox ESR", "mozilla-firefox-esr"),
        ("LibreOffice 24.8.4.2", "LibreOffice", "libreoffice"),
        ("Microsoft Visual C++ 2022 X64 Runtime - 14.38.33135", "Microsoft Visual C++ 2022 Runtime", None),
        ("Python 3", "Python 3", "python-3"),
        ("Éditeur d'images", "Éditeur d'images", "editeur-dimages"),
        ("v1.2.3", "v1.2.3", "v1-2-3"),
        ("教育", "教育", ""),
    ],
)
def test_a_title_and_a_short_name_are_proposed(name: str, title: str, identifier: str | None) -> None:
    assert proposed_title(name) == title
    if identifier is not None:
        assert proposed_identifier(title) == identifier


@pytest.mark.parametrize("text", ["Geo", "a b", "-a", "a--b", "", "ä"])
def test_what_cannot_be_a_short_name_is_refused(text: str) -> None:
    with pytest.raises(NotWritten, match="small letters"):
        checked_identifier(text)


@pytest.mark.parametrize("name", ["中学校", "", "!"])
def test_a_name_that_proposes_nothing_asks_for_the_option_that_says_it(name: str) -> None:
    with pytest.raises(NotWritten, match="give one with --school-id"):
        chosen_identifier(None, name, "--school-id")
    assert chosen_identifier("jhs", name, "--school-id") == "jhs"
    with pytest.raises(NotWritten, match="small letters"):
        chosen_identifier("", name, "--school-id")


def test_near_names_are_found_and_other_numbers_are_not_near() -> None:
    assert near("geogebra-classik", ["geogebra-classic", "vlc"]) == "geogebra-classic"
    assert near("hp-m612", ["hp-m611"]) is None
    assert near("dundalk-hs", ["dundalk-hs"]) is None
    assert near("audacity", ["vlc", "gimp"]) is None

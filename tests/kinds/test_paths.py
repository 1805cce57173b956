"""Windows paths and names as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.paths import (
    ancestors,
    no_wildcards,
    normal_path,
    parent_path,
    spelled_like,
)
from engine.model.names import check_component


def _is_name(name: str) -> bool:
    try:
        check_component(name)
    except ValueError:
        return False
    return True


components = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
).filter(_is_name)
paths = st.builds(
    lambda drive, names: f"{drive}:\\" + "\\".join(names),
    st.sampled_from("cdDZ"),
    st.lists(components, min_size=1, max_size=5),
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (r"d:\Shares\Staff" + "\\", r"D:\Shares\Staff"),
        ("d:/Shares//Staff", r"D:\Shares\Staff"),
        ("C:\\", "C:\\"),
        (r"C:\Program Files\x.y", r"C:\Program Files\x.y"),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    assert normal_path(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Shares",
        r"\Shares",
        "D:",
        "D:Shares",
        r"\\server\share",
        "//server/share",
        r"\\?\D:\x",
        r"\\.\PhysicalDrive0",
        r"D:\a\..\b",
        r"D:\.",
        r"D:\a:stream",
        r"D:\a*",
        r"D:\a ",
        r"D:\a.",
        r"D:\NUL",
        r"D:\com1.txt",
        "D:\\a\x00b",
        r"D:\%TEMP%\..\x",
        "D:\\" + "x" * 300,
        "D:\\" + "x\\" * 20_000,
    ],
)
def test_what_is_no_local_path(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normal_path(written)


@given(paths)
def test_normal_again_is_the_same(path: str) -> None:
    once = normal_path(path)
    assert normal_path(once) == once
    assert normal_path(once.replace("\\", "/") + "/") == once


def test_above() -> None:
    assert parent_path(r"D:\a\b") == r"D:\a"
    assert parent_path(r"D:\a") == "D:\\"
    assert ancestors(r"D:\a\b\c") == (r"D:\a\b", r"D:\a")


def test_the_hosts_spelling_is_kept() -> None:
    assert spelled_like(r"D:\Staff", r"D:\STAFF") == r"D:\STAFF"
    assert spelled_like(r"D:\Staff", r"D:\Other") == r"D:\Staff"
    assert spelled_like(r"D:\Staff", None) == r"D:\Staff"


@pytest.mark.parametrize("name", ["*", "a?", "[a]", "`", "", " a", "a\n"])
def test_names_that_a_cmdlet_takes_for_patterns(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        no_wildcards(name)

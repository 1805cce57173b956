"""What a text looks like, and what is said of one that does not."""

from __future__ import annotations

import pytest

from engine.model.form import Form

SECRET = Form("env:[A-Z]+", "name its place: `env:NAME`", numbers=False)


def test_the_whole_text_has_to_fit() -> None:
    assert SECRET.check("env:PASSWORD") == "env:PASSWORD"
    assert not SECRET.fits("env:PASSWORD\n")
    assert not SECRET.fits("my env:PASSWORD")


def test_what_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="name its place") as refused:
        SECRET.check("hunter2")
    assert "hunter2" not in str(refused.value)

"""Trees against models: plain words, exact places, no leniency that could surprise."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.manifest.documents.district import Credentials
from engine.manifest.schema import check
from engine.manifest.yaml import parse_yaml


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int = 0
    note: str = ""


class Cat(Inner):
    type: Literal["cat"] = "cat"


class Dog(Inner):
    type: Literal["dog"] = "dog"
    bark: bool


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    ratio: float = 1.0
    on: bool = False
    inner: Inner | None = None
    inners: tuple[Inner, ...] = ()
    named: dict[str, Inner] = Field(default_factory=dict)
    pet: Annotated[Cat | Dog, Field(discriminator="type")] | None = None
    mixed: int | tuple[str, ...] | None = None
    words: Annotated[
        tuple[Literal["a", "b"], ...],
        BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    ] = ()


def told(text: str) -> list[str]:
    node, findings = parse_yaml(text, "f.yaml")
    assert findings == ()
    assert node is not None
    model, findings = check(Outer, node, "the thing")
    assert (model is None) == bool(findings)
    return [str(finding).removeprefix("f.yaml:") for finding in findings]


def read(text: str) -> Outer:
    node, _ = parse_yaml(text, "f.yaml")
    assert node is not None
    model, findings = check(Outer, node, "the thing")
    assert findings == ()
    assert model is not None
    return model


@pytest.mark.parametrize("written", ["08", "1e3", "6.10", "-5", "0x1F", ".5", "no", "1:30", ".inf"])
def test_a_text_keeps_its_written_form(written: str) -> None:
    assert read(f"name: {written}\n").name == written
    inner = read(f"name: x\ninner:\n  note: {written}\n").inner
    assert inner is not None
    assert inner.note == written


def test_one_word_may_stand_for_a_list_where_the_model_says_so() -> None:
    assert read("name: x\nwords: a\n").words == ("a",)
    assert read("name: x\nwords: [b, a]\n").words == ("b", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: x\non: yes\n", "2:5: `on` must be `true` or `false`, not `yes` (write `true`) [wrong-type]"),
        (
            "name: x\non: 'true'\n",
            "2:5: `on` must be `true` or `false`, not `true` (write it without quotes) [wrong-type]",
        ),
        ("name: true\n", "1:7: `name` must be a text, not `true` [wrong-type]"),
        ("name:\n", "1:6: `name` must be a text, not nothing [wrong-type]"),
        ("name: [a]\n", "1:7: `name` must be a text, not a list [wrong-type]"),
        ("name: x\ninner: {size: 1e3}\n", "2:15: `size` must be a whole number, not `1e3` [wrong-type]"),
        ("name: x\ninner: {size: 5.0}\n", "2:15: `size` must be a whole number, not `5.0` [wrong-type]"),
        (
            "name: x\ninner: 5\n",
            "2:8: `inner` must be a group of `field: value` lines, not `5` [wrong-type]",
        ),
        (
            "name: x\nmixed: {a: 1}\n",
            "2:8: `mixed` must be a whole number or a list, not a group of fields [wrong-type]",
        ),
        ("name: x\ninners: [{sise: 1}]\n", "2:11: item 1 of `inners` has no field `sise`"),
        (
            "name: x\nnamed: {a: {sise: 1}}\n",
            "2:13: `a` has no field `sise` (did you mean `size`?) [unknown-field]",
        ),
        ("name: x\npet: {type: dog, brak: true}\n", "2:6: `pet` needs `bark` [missing-field]"),
        (
            "name: x\npet: {type: cow}\n",
            "2:6: `pet` has a `type` that does not exist; it must be `cat`, `dog`",
        ),
        ("name: x\npet: {size: 1}\n", "2:6: `pet` does not say which type it is: `type` is missing"),
        ("name: x\nwords: [a, c]\n", "2:12: item 2 of `words` must be `a` or `b`, not `c`"),
        ("{}\n", "1:1: the thing needs `name` [missing-field]"),
        ("nmae: x\n", "1:1: the thing has no field `nmae` (did you mean `name`?) [unknown-field]"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert any(line.startswith(expected) for line in told(text)), told(text)


def test_every_mistake_is_told() -> None:
    assert len(told("nmae: x\non: 1\ninners: [{size: a}, {size: b}]\n")) == 5


def test_a_secret_in_the_wrong_place_is_not_repeated() -> None:
    node, _ = parse_yaml("user: me\npassword: hunter2\n", "f.yaml")
    assert node is not None
    _, findings = check(Credentials, node, "the credentials")
    assert findings
    assert not any("hunter2" in str(finding) for finding in findings)

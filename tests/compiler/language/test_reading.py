"""Models read as descriptions: what people may write, not what the model makes of it."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from engine.compiler.language.reading import Undescribed, read_group
from engine.compiler.language.types import (
    AnythingType,
    ChoiceType,
    EitherType,
    GroupType,
    ListType,
    MapType,
    NothingType,
    NumberType,
    SwitchType,
    TextType,
    Type,
)
from engine.kinds.contract import United
from engine.model.form import Form

SMALL = Form("[a-z]+", "use small letters")
Named = Annotated[str, AfterValidator(SMALL.check), SMALL, Field(examples=["lab"])]


class Inner(BaseModel):
    """Something within."""

    number: Annotated[int, Field(ge=1, le=9)] = 3


class Outer(BaseModel):
    """A group
    of fields.

    With a second paragraph.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: Named
    """What it is
    called."""
    other: Named | None = None
    size: Annotated[int | None, Field(ge=0, examples=[5])] = None
    on: bool = False
    way: Literal["in", "out"] = "in"
    items: Annotated[tuple[Named, ...], Field(min_length=1), United()] = ()
    inner: Inner = Inner()
    by_name: dict[Named, Inner] = Field(default_factory=dict)
    some: Annotated[
        tuple[str, ...], BeforeValidator(lambda value: value, json_schema_input_type=str | tuple[str, ...])
    ] = ()
    any_: Annotated[JsonValue, Field(alias="any")] = None


FIELDS = {field.name: field for field in read_group(Outer).fields}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("name", TextType((SMALL,))),
        ("other", EitherType((TextType((SMALL,)), NothingType()))),
        ("size", EitherType((NumberType(0), NothingType()))),
        ("on", SwitchType()),
        ("way", ChoiceType(("in", "out"))),
        ("items", ListType(TextType((SMALL,)), 1)),
        ("inner", GroupType("Inner", "Something within.", read_group(Inner).fields)),
        ("by_name", MapType(TextType((SMALL,)), read_group(Inner))),
        ("some", EitherType((TextType(), ListType(TextType())))),
        ("any", AnythingType()),
    ],
)
def test_types(name: str, of: Type) -> None:
    assert FIELDS[name].type == of


def test_docstrings_lose_the_breaks_of_their_lines() -> None:
    assert read_group(Outer).description == "A group of fields.\n\nWith a second paragraph."
    assert FIELDS["name"].description == "What it is called."


def test_only_a_field_without_default_is_required() -> None:
    assert [name for name, field in FIELDS.items() if field.required] == ["name"]


def test_defaults_that_say_something_are_told() -> None:
    told = {name: field.default for name, field in FIELDS.items() if field.default is not None}
    assert told == {"on": False, "way": "in"}
    assert read_group(Inner).fields[0].default == 3


def test_a_type_lends_its_examples() -> None:
    assert FIELDS["name"].examples == ("lab",)
    assert FIELDS["other"].examples == ("lab",)
    assert FIELDS["size"].examples == (5,)


def test_lists_that_unite_are_marked() -> None:
    assert [name for name, field in FIELDS.items() if field.unites] == ["items"]


def test_a_validator_that_does_not_say_what_people_write_is_a_mistake_of_ours() -> None:
    class Silent(BaseModel):
        value: Annotated[int, BeforeValidator(lambda value: value)]

    with pytest.raises(Undescribed, match=r"value: .*json_schema_input_type"):
        read_group(Silent)


def test_a_type_without_words_is_a_mistake_of_ours() -> None:
    class Strange(BaseModel):
        value: complex

    with pytest.raises(Undescribed, match="no words for"):
        read_group(Strange)

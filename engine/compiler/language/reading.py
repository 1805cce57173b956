"""Pydantic models read as descriptions: types in our words, defaults, examples and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, BeforeValidator, JsonValue, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typing_extensions import TypeAliasType

from engine.compiler.language.types import (
    AnythingType,
    ChoiceType,
    EitherType,
    Field,
    GroupType,
    ListType,
    MapType,
    NothingType,
    NumberType,
    SwitchType,
    TextType,
    Type,
)
from engine.kinds.contract import Essential, United
from engine.model.form import Form

DATE = Form("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date such as `2026-09-01`", numbers=False)
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Undescribed(TypeError):
    """A model uses a type that the description of the language has no words for: a mistake of ours."""


def read_group(
    model: type[BaseModel], *, holds_resources: frozenset[type[BaseModel]] = frozenset()
) -> GroupType:
    """A model as a group of fields, in declared order.

    `holds_resources` are the models beside whose fields sections may stand.

    Raises:
        Undescribed: a field's type has no words.
    """
    reader = _Reader(holds_resources)
    return reader.group(model)


class _Reader:
    def __init__(self, holds_resources: frozenset[type[BaseModel]]) -> None:
        self._holds_resources = holds_resources

    def group(self, model: type[BaseModel]) -> GroupType:
        extra = model.model_config.get("json_schema_extra")
        one = extra.get("exactly_one", ()) if isinstance(extra, dict) else ()
        return GroupType(
            name=model.__name__,
            description=_paragraphs(model.__doc__ or ""),
            fields=tuple(self._field(name, info) for name, info in model.model_fields.items()),
            holds_resources=model in self._holds_resources,
            exactly_one=tuple(str(name) for name in one) if isinstance(one, list | tuple) else (),
        )

    def _field(self, name: str, info: FieldInfo) -> Field:
        try:
            of_type = self.type(info.annotation, info.metadata)
        except Undescribed as problem:
            raise Undescribed(f"{name}: {problem}") from None
        return Field(
            name=info.alias or name,
            type=of_type,
            description=_paragraphs(info.description or ""),
            required=info.is_required() or any(isinstance(mark, Essential) for mark in info.metadata),
            default=_default(info),
            examples=tuple(_as_json(example) for example in info.examples or _examples(info.annotation)),
            unites=any(isinstance(mark, United) for mark in info.metadata),
        )

    def type(self, annotation: Any, marks: Sequence[object] = ()) -> Type:
        """An annotation in our words. `marks` are those of Annotated, the outermost last."""
        if annotation is JsonValue:
            return AnythingType()
        if isinstance(annotation, TypeAliasType):
            return self.type(annotation.__value__, marks)
        written = _written_as(marks)
        if written is not None:
            return self.type(written, [mark for mark in marks if not isinstance(mark, BeforeValidator)])
        if get_origin(annotation) is Annotated:
            inner, *own = get_args(annotation)
            return self.type(inner, [*_flat(own), *marks])
        if get_origin(annotation) in (Union, UnionType):
            return _either(self.type(member, marks) for member in get_args(annotation))
        return self._plain(annotation, marks)

    def _plain(self, annotation: Any, marks: Sequence[object]) -> Type:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Literal:
            return ChoiceType(tuple(str(choice) for choice in arguments))
        if origin is tuple and arguments[1:] == (Ellipsis,):
            return ListType(self.type(arguments[0]), _fewest(marks))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            key = self.type(arguments[0])
            if isinstance(key, TextType):
                return MapType(key, self.type(arguments[1]), _fewest(marks))
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.group(annotation)
        return _scalar(annotation, marks)


def _scalar(annotation: Any, marks: Sequence[object]) -> Type:
    if annotation is str:
        forms = tuple(mark for mark in marks if isinstance(mark, Form))
        longest = min((mark.max_length for mark in marks if isinstance(mark, MaxLen)), default=None)
        return TextType(forms, _fewest(marks), longest)
    if annotation is bool:
        return SwitchType()
    if annotation is int:
        least = max((_whole(mark.ge) for mark in marks if isinstance(mark, Ge)), default=None)
        most = min((_whole(mark.le) for mark in marks if isinstance(mark, Le)), default=None)
        return NumberType(least, most)
    if annotation is date:
        return TextType((DATE,))
    if annotation is NoneType:
        return NothingType()
    raise Undescribed(f"there are no words for {annotation!r}")


def _whole(bound: object) -> int:
    if isinstance(bound, int):
        return bound
    raise Undescribed(f"a bound that is no whole number: {bound!r}")


def _fewest(marks: Sequence[object]) -> int:
    return max((mark.min_length for mark in marks if isinstance(mark, MinLen)), default=0)


def _flat(marks: Sequence[object]) -> Iterator[object]:
    """Pydantic keeps the marks of `Field(...)` inside it where it stands within a type."""
    for mark in marks:
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark


def _written_as(marks: Sequence[object]) -> Any:
    """The type that people write where a validator makes the field's own type of it; None without one.

    Raises:
        Undescribed: the validator does not say what it takes.
    """
    before = [mark for mark in marks if isinstance(mark, BeforeValidator)]
    if not before:
        return None
    if before[-1].json_schema_input_type is PydanticUndefined:
        raise Undescribed("a BeforeValidator must say what people write: json_schema_input_type")
    return before[-1].json_schema_input_type


def _either(members: Iterator[Type]) -> Type:
    found: list[Type] = []
    for member in members:
        inner = member.members if isinstance(member, EitherType) else (member,)
        found.extend(each for each in inner if each not in found)
    return found[0] if len(found) == 1 else EitherType(tuple(found))


def _paragraphs(docstring: str) -> str:
    """A docstring without the line breaks that only keep its lines short."""
    paragraphs = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _examples(annotation: Any) -> Sequence[object]:
    """The examples of a type that has a name of its own, such as that of all product codes."""
    if get_origin(annotation) is Annotated:
        marks = [mark for mark in get_args(annotation) if isinstance(mark, FieldInfo)]
        return next((mark.examples for mark in marks if mark.examples), ())
    if get_origin(annotation) in (Union, UnionType):
        return next((found for member in get_args(annotation) if (found := _examples(member))), ())
    return ()


def _default(info: FieldInfo) -> JsonValue:
    if info.is_required() or info.default_factory is not None:
        return None
    if isinstance(info.default, BaseModel):
        return None  # its own fields say theirs
    return None if info.default == () else _as_json(info.default)


def _as_json(value: object) -> JsonValue:
    if isinstance(value, tuple):
        return [_as_json(item) for item in value]
    return _JSON.validate_python(value)

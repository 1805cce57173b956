"""Which fields a model has at a place: for `did you mean` and for the list of what is possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from typing_extensions import TypeAliasType


def allowed_fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The field names of the model or models that `loc` leads to, in declared order."""
    here: list[object] = [model]
    for step in loc:
        inner = [found for annotation in here for found in _descend(annotation, step)]
        here = inner or here  # a step that leads nowhere names a union's member
    names: dict[str, None] = {}
    for annotation in here:
        for member in _members(annotation):
            if isinstance(member, type) and issubclass(member, BaseModel):
                names.update(dict.fromkeys(_names(member)))
    return tuple(names)


def marked_fields(model: type[BaseModel], marker: type) -> frozenset[tuple[str, ...]]:
    """The paths of the fields whose annotation holds a `marker`, also within groups of fields."""
    found: set[tuple[str, ...]] = set()
    for name, info in model.model_fields.items():
        path = (info.alias or name,)
        if any(isinstance(each, marker) for each in info.metadata):
            found.add(path)
        for member in _members(info.annotation):
            if isinstance(member, type) and issubclass(member, BaseModel):
                found.update((*path, *below) for below in marked_fields(member, marker))
    return frozenset(found)


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield info.alias or name


def _members(annotation: Any) -> Iterator[object]:
    """An annotation without Annotated, aliases and unions."""
    if isinstance(annotation, TypeAliasType):
        yield from _members(annotation.__value__)
    elif get_origin(annotation) is Annotated:
        yield from _members(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation


def _descend(annotation: object, step: int | str) -> Iterator[object]:
    for member in _members(annotation):
        origin, arguments = get_origin(member), get_args(member)
        if isinstance(member, type) and issubclass(member, BaseModel):
            for name, info in member.model_fields.items():
                if step == (info.alias or name):
                    yield info.annotation
        elif isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(step, str):
            yield arguments[1]
        elif isinstance(origin, type) and issubclass(origin, Sequence) and isinstance(step, int):
            yield arguments[0]

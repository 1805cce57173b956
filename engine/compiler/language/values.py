"""Types of values as JSON Schema, draft 7."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic import JsonValue

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

Schema = dict[str, JsonValue]
DrawGroup = Callable[[GroupType, "Place"], Schema]

# What makes a text a template, as `engine.manifest.templates.is_template` says.
TEMPLATE = r"\{\{|\{%|\{#"
# Keywords that say something of one JSON type only, and so can stand beside those of another.
_OF_ONE_TYPE = frozenset(
    {"type", "pattern", "patternErrorMessage", "minLength", "maxLength", "minimum", "maximum", "items"}
    | {"minItems", "additionalProperties", "properties", "required", "propertyNames"}
    | {"minProperties", "maxProperties"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: what may be written there besides what its type says.

    `templates`: a template may stand for a text, number, switch, choice or list. `part`: it is merged with
    what other layers say, so no field needs to be there, and `~` takes a field back.
    """

    templates: bool = False
    part: bool = False


def value_schema(of: Type, place: Place, group: DrawGroup) -> Schema:
    """What may be written for a value of a type. `group` draws groups of fields."""
    drawn = _plain(of, place, group)
    return _or_template(drawn) if place.templates else drawn


def _plain(of: Type, place: Place, group: DrawGroup) -> Schema:
    match of:
        case TextType():
            return _text(of, place.templates)
        case NumberType():
            return _without_none({"type": "integer", "minimum": of.least, "maximum": of.most})
        case SwitchType():
            return {"type": "boolean"}
        case ChoiceType():
            return {"enum": [*of.choices, *_numbers(of.choices)]}
        case NothingType():
            return {"type": "null"}
        case AnythingType():
            return {}
        case GroupType():
            return group(of, place)
        case ListType() | MapType():
            return _many(of, place, group)
        case EitherType():
            return either([_plain(member, place, group) for member in of.members])
        case _:
            assert_never(of)


def _many(of: ListType | MapType, place: Place, group: DrawGroup) -> Schema:
    """A list or a map. The items of a list are never merged with other layers' items."""
    if isinstance(of, ListType):
        items = value_schema(of.item, Place(templates=place.templates), group)
        return {"type": "array", "items": items, **({"minItems": of.fewest} if of.fewest else {})}
    return {
        "type": "object",
        "additionalProperties": value_schema(of.value, place, group),
        **({"propertyNames": _text(of.key, templates=False)} if of.key.forms else {}),
        **({"minProperties": of.fewest} if of.fewest else {}),
    }


def _text(of: TextType, templates: bool) -> Schema:
    """A text, for which a number may stand: it keeps its written form."""
    numbers = all(form.numbers for form in of.forms)
    drawn: Schema = {"type": ["string", "number"] if numbers else "string"}
    if of.forms:
        drawn["pattern"] = "".join(f"(?={_whole(form.pattern)})" for form in of.forms[:-1]) + _whole(
            of.forms[-1].pattern
        )
        drawn["patternErrorMessage"] = "; ".join(form.words for form in of.forms)
    if templates and of.longest is not None:  # a template is longer than what it makes
        length = f"^[\\s\\S]{{{of.shortest},{of.longest}}}$"
        drawn["pattern"] = f"(?={length})" + str(drawn.get("pattern", ""))
        drawn.setdefault("patternErrorMessage", f"may have at most {of.longest} characters")
        return drawn
    if of.shortest:
        drawn["minLength"] = of.shortest
    if of.longest is not None:
        drawn["maxLength"] = of.longest
    return drawn


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _numbers(choices: Sequence[str]) -> list[JsonValue]:
    """Choices that may be written without quotes, although they are then numbers."""
    return [int(choice) for choice in choices if choice.isdecimal()]


def _without_none(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if value is not None}


def types_of(schema: Schema) -> list[str]:
    """The JSON types that a schema names."""
    named = schema.get("type")
    if isinstance(named, list):
        return [str(each) for each in named]
    return [] if named is None else [str(named)]


def either(members: Sequence[Schema]) -> Schema:
    """Any of some schemas: as one where their keywords do not get in each other's way.

    Editors say what is wrong with a value in one line then, instead of once for each alternative.
    """
    if any(not member for member in members):
        return {}
    flat = [each for member in members for each in _alternatives(member)]
    choices = [value for member in flat for value in _listed(member)]
    values: list[JsonValue] = [value for at, value in enumerate(choices) if value not in choices[:at]]
    others = [member for member in flat if "enum" not in member and not (None in values and member == _NULL)]
    if values and others == [_NULL]:
        return {"enum": [*values, None]}
    joined = _joined(others)
    if values:
        joined.insert(0, {"enum": values})
    return joined[0] if len(joined) == 1 else {"anyOf": list(joined)}


_NULL: Schema = {"type": "null"}


def _alternatives(schema: Schema) -> list[Schema]:
    inner = schema.get("anyOf")
    return [each for each in inner if isinstance(each, dict)] if isinstance(inner, list) else [schema]


def _listed(schema: Schema) -> list[JsonValue]:
    values = schema.get("enum")
    return values if isinstance(values, list) else []


def _joined(members: Sequence[Schema]) -> list[Schema]:
    whole: Schema = {}
    for member in members:
        names = set(member) - {"type"}
        if not set(member) <= _OF_ONE_TYPE or names & set(whole) or _overlap(whole, member):
            return list(members)
        types: list[JsonValue] = [*types_of(whole), *types_of(member)]
        if "number" in types:
            types = [each for each in types if each != "integer"]
        whole = {**whole, **member, "type": types if len(types) > 1 else types[0]}
    return [whole] if whole else []


def _overlap(one: Schema, other: Schema) -> bool:
    """Whether a keyword of one would forbid what the other allows: both take values of one JSON type."""
    shared = set(types_of(one)) & set(types_of(other))
    numbers = {"integer", "number"}
    both_numbers = bool(numbers & set(types_of(one))) and bool(numbers & set(types_of(other)))
    bounded = any(word in schema for schema in (one, other) for word in ("minimum", "maximum"))
    return bool(shared) or (both_numbers and bounded)


def _or_template(drawn: Schema) -> Schema:
    """The same, or a template."""
    if not drawn or "properties" in drawn:
        return drawn  # anything; or a group of fields, which no template makes
    types = types_of(drawn)
    if "enum" in drawn or "anyOf" in drawn:
        return {"anyOf": [drawn, {"type": "string", "pattern": TEMPLATE}]}
    if "string" in types:
        pattern = drawn.get("pattern")
        return drawn if pattern is None else {**drawn, "pattern": f"{pattern}|{TEMPLATE}"}
    wanted = next((words for name, words in _WANTED.items() if name in types), "nothing")
    message = f"must be {wanted}, or a template such as `{{{{ vars.NAME }}}}`"
    return {**drawn, "type": [*types, "string"], "pattern": TEMPLATE, "patternErrorMessage": message}


# What an editor says of a text that stands where these JSON types belong.
_WANTED = {"integer": "a whole number", "boolean": "`true` or `false`", "array": "a list"}

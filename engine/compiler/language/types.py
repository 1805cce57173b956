"""What a description of the language is made of: plain data that says what may be written."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import JsonValue

from engine.model.form import Form


@dataclass(frozen=True, slots=True)
class TextType:
    """A text. Lengths in characters; `forms` must all fit."""

    forms: tuple[Form, ...] = ()
    shortest: int = 0
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class NumberType:
    """A whole number."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class SwitchType:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """One of some texts."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingType:
    """`~`: said to have no value."""


@dataclass(frozen=True, slots=True)
class AnythingType:
    """Whatever YAML can say: somebody else checks it."""


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of things of one type."""

    item: Type
    fewest: int = 0


@dataclass(frozen=True, slots=True)
class MapType:
    """Names that people choose, each with a value."""

    key: TextType
    value: Type
    fewest: int = 0


@dataclass(frozen=True, slots=True)
class EitherType:
    """Any of several types."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class GroupType:
    """A group of `field: value` lines.

    `holds_resources`: sections may stand beside its fields. `exactly_one`: names of fields of which one, and
    no other, is given.
    """

    name: str  # the model's, for links
    description: str
    fields: tuple[Field, ...]
    holds_resources: bool = False
    exactly_one: tuple[str, ...] = ()


Type = (
    TextType
    | NumberType
    | SwitchType
    | ChoiceType
    | NothingType
    | AnythingType
    | ListType
    | MapType
    | EitherType
    | GroupType
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what people write left of the colon, and what may stand right of it."""

    name: str
    type: Type
    description: str
    required: bool = False
    default: JsonValue = None  # None: there is none, or leaving it out means something of its own
    examples: tuple[JsonValue, ...] = ()
    unites: bool = False  # a list to which nearer layers add


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """One section of resources: what one of its entries may say.

    `fields` are those of its kind; `common` those of all kinds. `identified_by`: the fields that make
    declarations of several layers one resource; those of them without a default must be in each.
    """

    section: str
    kind: str
    description: str
    identified_by: tuple[str, ...]
    fields: tuple[Field, ...]
    common: tuple[Field, ...]
    exactly_one: tuple[str, ...] = ()  # of all layers together


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type of document. `files`: below the manifests folder, with `<name>` for what people choose."""

    name: str
    title: str
    files: str
    group: GroupType
    sections: tuple[SectionEntry, ...] = field(default=())
    hosts_may_be_left_out: bool = False  # a profile's resources are for the hosts it is applied to

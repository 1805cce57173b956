"""Explanations: where everything about one resource, or one host, was written.

This is a public, versioned format; every view for people is drawn from it and from nothing else. A place is
`file:line:column`, with the file relative to the project's folder and both numbers from 1; it is empty where
there is none. What is farther from the host always stands after what is nearer.
"""

from __future__ import annotations

from typing import Literal

from engine.model.address import Address
from engine.model.base import FieldValue, Frozen

FORMAT_VERSION = "1.0"

Scope = Literal["district", "schools", "school", "group", "host"]
Source = Literal["declared", "catalog", "derived", "default"]


class Input(Frozen):
    """A value that a template names. `written` is the template that gives it in turn, over `inputs`."""

    name: str  # such as `parameters.prefix`, `vars.homepage`, `host.room`
    value: FieldValue
    place: str
    written: str | None = None
    inputs: tuple[Input, ...] = ()


class Word(Frozen):
    """One word of a selector, and which hosts of the school it means."""

    text: str
    matches: bool  # the host in question
    means: tuple[str, ...]  # host names
    within: str = ""  # the expression that it is a part of; empty for a text of its own


class Selector(Frozen):
    """One `hosts:`. It means a host when one of its words that are not within an expression does."""

    place: str
    words: tuple[Word, ...]


class Reach(Frozen):
    """A declaration, and how it reaches the host: every one of its selectors must mean it."""

    place: str
    scope: Scope
    layer: str  # in words
    profiles: tuple[str, ...] = ()  # through which it came, the outermost first
    use: str = ""  # where the outermost profile was applied
    selectors: tuple[Selector, ...] = ()


class Said(Frozen):
    """What one layer says of a field. `written` is the template that gave the value."""

    value: FieldValue
    place: str
    layer: str  # in words
    profiles: tuple[str, ...] = ()
    use: str = ""
    written: str | None = None
    inputs: tuple[Input, ...] = ()


class Field(Frozen):
    """One field of a resource; fields within fields have dots: `access.full`.

    - `declared`: written in the resource's own declaration; `said` is the nearest layer's word on it.
    - `catalog`: what the catalog says at `place`.
    - `derived`: worked out from what is written at `place`; `said` is that, where a layer says it.
    - `default`: written nowhere, or, with a `place`, set to nothing there.
    """

    name: str
    value: FieldValue
    source: Source
    place: str = ""
    said: Said | None = None
    items: tuple[Said, ...] = ()  # of a list that several layers unite: each item's own layer
    overrides: tuple[Said, ...] = ()  # what farther layers said


class Relation(Frozen):
    """Resources of one kind and name that this one waits for, or that wait for it."""

    kind: str
    name: str
    hosts: tuple[str, ...]
    how: Literal["needs", "after", "implied"]
    place: str  # of the line that asks for it; for `implied`, of the declaration whose kind says so


class Companion(Frozen):
    """A resource that comes along with another one."""

    kind: str
    name: str
    place: str  # of the declaration that brings it, or, where it is `declared`, of its own
    declared: bool


class Explanation(Frozen):
    """Everything about one resource on one host."""

    type: Literal["resource"] = "resource"
    format_version: str = FORMAT_VERSION
    address: Address
    place: str  # of the nearest declaration
    title: str  # in words: the share `Staff`
    state: Literal["present", "absent", "forget"]
    protected: bool
    alike: tuple[str, ...]  # other hosts of the school on which all of this is the same
    reached: tuple[Reach, ...]
    brought_by: tuple[Companion, ...] = ()  # what it came along with
    marks: tuple[Field, ...] = ()  # state, protect and final, where they were written
    entry: tuple[Field, ...] = ()  # what was written and became fields of other names
    fields: tuple[Field, ...] = ()
    needs: tuple[Relation, ...] = ()
    needed_by: tuple[Relation, ...] = ()
    brings: tuple[Companion, ...] = ()


class Absence(Frozen):
    """Why a resource is not on a host: the declarations of it that do not reach there."""

    type: Literal["absence"] = "absence"
    format_version: str = FORMAT_VERSION
    address: Address
    declarations: tuple[Reach, ...]
    hosts: tuple[str, ...]  # of the school, that have it
    schools: tuple[str, ...]  # where nothing here declares it, others in whose own files it is declared


class HostExplanation(Frozen):
    """What the manifests say of one host."""

    type: Literal["host"] = "host"
    format_version: str = FORMAT_VERSION
    school: str
    host: str
    place: str  # of its group
    facts: tuple[Input, ...]  # its group, roles, room, model, and the school's groups
    variables: tuple[Field, ...]
    profiles: tuple[Reach, ...]  # uses that reach it
    resources: dict[str, int]  # how many of each kind


Document = Explanation | Absence | HostExplanation

"""Each field of a spec: what it is, where that was written, by which layer, and what it took the place of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel

from engine.compiler.explain.inputs import Inputs, has_templates, template, value_of, written_value
from engine.compiler.explain.reach import layer_words, profiles_of
from engine.compiler.explain.workings import Witness
from engine.compiler.lowering.places import Places
from engine.manifest.nodes import Data, MappingNode, Node, SequenceNode
from engine.model.base import FieldValue
from engine.model.explanation import Field, Input, Said
from engine.model.origin import Origin
from engine.model.resource import Spec

Path = tuple[str, ...]


class _Voice(NamedTuple):
    """What a witness says at a path: the rendered value and, as far as it goes, what was written."""

    witness: Witness
    node: Node
    raw: Node
    path: Path


@dataclass(frozen=True, slots=True)
class Testimony:
    """What all layers say of one resource: `body` is what it comes to, the nearest witness is first."""

    body: MappingNode
    witnesses: Sequence[Witness]
    inputs: Inputs

    def declared(self, path: Path) -> Field | None:
        """The field of the entry at a path; None where no layer says anything there."""
        voices = tuple(self._voices(path))
        node = find(self.body, path)
        if node is None:
            return self._taken_back(path, voices)
        of_node = [voice for voice in voices if voice.node is node]
        if not of_node:
            return self._joined(path, node, voices)
        nearest = of_node[0]
        rest = voices[voices.index(nearest) + 1 :]
        return Field(
            name=".".join(path),
            value=written_value(node),
            source="declared",
            place=str(node.origin),
            said=self._said(nearest),
            items=self._items(node, (nearest,)),
            overrides=tuple(self._said(voice) for voice in rest if voice.node.origin != node.origin),
        )

    def _taken_back(self, path: Path, voices: Sequence[_Voice]) -> Field | None:
        """A field that the nearest layer sets to nothing, as one that is not declared."""
        if not voices:
            return None
        nearest, *rest = voices
        return Field(
            name=".".join(path),
            value=None,
            source="default",
            place=str(nearest.node.origin),
            said=self._said(nearest),
            overrides=tuple(self._said(voice) for voice in rest),
        )

    def _joined(self, path: Path, node: Node, voices: Sequence[_Voice]) -> Field:
        """A list, or a group of fields, that several layers have made together."""
        nearest = voices[0]
        return Field(
            name=".".join(path),
            value=written_value(node),
            source="declared",
            place=str(nearest.node.origin),
            said=self._said(nearest),
            items=self._items(node, voices),
        )

    def _items(self, node: Node, voices: Sequence[_Voice]) -> tuple[Said, ...]:
        """Each item's own line, where that is not said already by the whole list's."""
        if not isinstance(node, SequenceNode):
            return ()
        if len(voices) == 1 and not has_templates([voices[0].raw]):
            return ()
        return tuple(self._item(item, voices) for item in node.items)

    def _item(self, item: Node, voices: Sequence[_Voice]) -> Said:
        for voice in reversed(voices):
            items = voice.node.items if isinstance(voice.node, SequenceNode) else ()
            for index, each in enumerate(items):
                if each is item:
                    raws = voice.raw.items if isinstance(voice.raw, SequenceNode) else ()
                    raw = raws[index] if len(raws) == len(items) else voice.raw
                    return self._said(_Voice(voice.witness, item, raw, voice.path))
        return self._said(_Voice(voices[0].witness, item, item, voices[0].path))

    def _voices(self, path: Path) -> Iterator[_Voice]:
        for witness in self.witnesses:
            node = find(witness.statement.body, path)
            if node is not None:
                raw = find(witness.statement.declaration.body, path)
                yield _Voice(witness, node, node if raw is None else raw, path)

    def _said(self, voice: _Voice) -> Said:
        witness = voice.witness
        stated = witness.standing.stated
        return Said(
            value=written_value(voice.node),
            place=str(voice.node.origin),
            layer=layer_words(witness.standing, witness.statement.layer.scope, self.inputs.facts),
            profiles=profiles_of(stated),
            use="" if stated.bundled is None else str(stated.bundled.use),
            written=template(voice.raw),
            inputs=(*self.inputs.of(voice.raw, witness.applied.binding), *self._delivered(voice)),
        )

    def _delivered(self, voice: _Voice) -> Iterator[Input]:
        """The template file that is rendered, where the field is its name."""
        if voice.path != ("template",):
            return
        for text in voice.witness.delivered:
            inner = self.inputs.of(text, voice.witness.applied.binding)
            yield Input(name="the template", value=None, place=str(text.origin), inputs=inner)

    def path_of(self, place: Origin) -> Path | None:
        """The field of the entry whose value is written at a place."""
        return next((path for path, node in leaves(self.body) if node.origin == place), None)


def find(body: MappingNode, path: Path) -> Node | None:
    """What is written at a path; a text or list that stands for a whole group of fields is all of them."""
    here: Node = body
    for step in path:
        if not isinstance(here, MappingNode):
            return here
        inner = here.get(step)
        if inner is None:
            return None
        here = inner
    return here


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Everything that is no group of fields, with its path."""
    if isinstance(node, MappingNode) and node.entries:
        for key, entry in node.entries.items():
            yield from leaves(entry.value, (*path, key))
    else:
        yield path, node


def fields_of(
    spec: Spec, testimony: Testimony, places: Places, declared: Origin, *, own: bool
) -> tuple[Field, ...]:
    """Every field of a spec that was declared at `declared`.

    With `own`, the entry's fields of the same name are the spec's; else only those that `places` leads to.
    """
    found = []
    for path, value in flat(spec):
        field = _written(path, value, testimony, places, own=own)
        field = field or _unwritten(spec, path, value, places, declared)
        found.append(field.model_copy(update={"name": ".".join(path), "value": value}))
    return tuple(found)


def _written(
    path: Path, value: FieldValue, testimony: Testimony, places: Places, *, own: bool
) -> Field | None:
    place = places.get(".".join(path))
    if place is None:
        return testimony.declared(path) if own else None
    within = testimony.path_of(place)
    found = None if within is None else testimony.declared(within)
    if found is None:
        return Field(name="", value=None, source="catalog", place=str(place))
    # A port's name is made of the printer's address, a file's text by a template.
    return found if found.value == value else found.model_copy(update={"source": "derived"})


def _unwritten(spec: Spec, path: Path, value: FieldValue, places: Places, declared: Origin) -> Field:
    """A field that is written nowhere: a default, or worked out from what is."""
    if is_default(spec, path):
        return Field(name="", value=value, source="default")
    above = (places.get(".".join(path[:length])) for length in range(len(path) - 1, 0, -1))
    place = next((place for place in above if place is not None), declared)
    return Field(name="", value=value, source="derived", place=str(place))


def flat(spec: Spec) -> Iterator[tuple[Path, FieldValue]]:
    """Every field of a spec that is no group of fields, with its path."""
    for path, value in _flat(spec.model_dump(), ()):
        yield path, value_of(value)


def _flat(value: Data, path: Path) -> Iterator[tuple[Path, Data]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, (*path, key))
    else:
        yield path, value


def is_default(spec: Spec, path: Path) -> bool:
    """Whether a field has the value that it has where nobody says anything."""
    here: object = spec
    for step in path[:-1]:
        here = getattr(here, step, None)
    if not isinstance(here, BaseModel) or path[-1] not in type(here).model_fields:
        return False
    info = type(here).model_fields[path[-1]]
    default: object = info.get_default(call_default_factory=True, validated_data={})
    return not info.is_required() and default == getattr(here, path[-1])


def declared(name: str, said: Sequence[Said]) -> Field:
    """A field that was said at least once, the nearest first; the others it took the place of."""
    nearest, *farther = said
    return Field(
        name=name,
        value=nearest.value,
        source="declared",
        place=nearest.place,
        said=nearest,
        overrides=tuple(farther),
    )

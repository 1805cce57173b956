"""The whole explanation of one resource on one host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.compiler.explain.fields import Testimony, declared, fields_of, flat, leaves
from engine.compiler.explain.inputs import Inputs, written_value
from engine.compiler.explain.reach import layer_words, profiles_of, reach
from engine.compiler.explain.relations import relations
from engine.compiler.explain.workings import Key, United, Witness, Workings
from engine.compiler.lowering.kinds import Brought
from engine.compiler.lowering.places import NO_PLACES, Places
from engine.compiler.resources import Made
from engine.compiler.sections import title
from engine.kinds.table import KINDS
from engine.manifest.nodes import MappingNode
from engine.model.explanation import Companion, Explanation, Field, Said
from engine.model.origin import Origin
from engine.model.resource import Resource, SchoolIntent, Spec

_MARKS = ("state", "protect", "final")


class _Root(NamedTuple):
    """The declaration that a resource comes from, itself or by coming along with what is declared."""

    united: United
    parents: tuple[Key, ...]  # through which it came along, the declared one first
    places: Places
    own: bool


def explain_resource(workings: Workings, intent: SchoolIntent, resource: Resource) -> Explanation:
    """Everything about a resource of the school's intent.

    Raises:
        KeyError: the resource is not of this school's intent.
    """
    address = resource.address
    facts = workings.facts(address.host)
    made = {each.key: each for each in workings.made(address.host)}
    this = made[address.kind, address.name.casefold()]
    root = _root(workings.united(address.host), this)
    united = root.united
    inputs = Inputs(workings.district.documents, workings.school, facts, workings.maker.rendering)
    testimony = Testimony(united.merged.body, united.witnesses, inputs)
    fields = fields_of(this.spec, testimony, root.places, this.origin, own=root.own)
    needs, needed_by = relations(workings, intent, resource)
    return Explanation(
        address=address,
        place=str(this.origin),
        title=_title(this, united if root.own else None),
        state=this.state,
        protected=this.protected,
        alike=_alike(workings, made[united.key], this, facts.name),
        reached=tuple(reach(each.standing, workings.inventory, facts) for each in united.witnesses),
        brought_by=tuple(_companion(made[parent]) for parent in root.parents),
        marks=_marks(united.witnesses, inputs) if root.own else (),
        entry=_entry(testimony, this.spec) if root.own else (),
        fields=fields,
        needs=needs,
        needed_by=needed_by,
        brings=tuple(_companion(made[key]) for key in _brings(united, this, own=root.own) if key in made),
    )


def _root(declared: Sequence[United], made: Made) -> _Root:
    """Where a resource comes from: what is declared wins over what comes along, as in compiling."""
    for united in declared:
        if united.key == made.key:
            return _Root(united, (), united.lowered.places, own=True)
    present = [united for united in declared if united.merged.state == "present"]
    for united in present:
        for brought in united.lowered.brings:
            if _key(brought.kind, brought.spec) == made.key:
                return _Root(united, (united.key,), brought.places, own=False)
    for united in present:
        line = _line(united, made.key)
        if line is not None:
            return _Root(united, tuple(key for key, _ in line), _inherited(united, line, made), own=False)
    raise KeyError(made.name)


Line = tuple[tuple[Key, Brought], ...]  # from what is declared to the parent


def _line(united: United, wanted: Key) -> Line | None:
    """How kinds bring a resource along, from one that is declared."""
    lowered = united.lowered
    first = Brought(united.section.kind, lowered.spec, lowered.places)
    queue: list[Line] = [((united.key, first),)]
    queue += [((united.key, first), (_key(each.kind, each.spec), each)) for each in lowered.brings]
    seen: set[Key] = set()
    while queue:
        line = queue.pop(0)
        _, parent = line[-1]
        for derived in KINDS[parent.kind].derived(parent.spec):
            key = _key(derived.kind, derived.spec)
            if key == wanted:
                return line
            if key not in seen:
                seen.add(key)
                queue.append((*line, (key, Brought(derived.kind, derived.spec))))
    return None


def _inherited(united: United, line: Line, made: Made) -> Places:
    """A resource that its kind brings along has its parent's values: fields of the same name and value."""
    if len(line) != 1:
        return NO_PLACES
    values = dict(flat(united.lowered.spec))
    places: dict[str, Origin] = {}
    for path, node in leaves(united.merged.body):
        if path in values and dict(flat(made.spec)).get(path) == values[path]:
            places[".".join(path)] = node.origin
    return places


def _key(kind: str, spec: Spec) -> Key:
    return kind, KINDS[kind].identity(spec).casefold()


def _title(made: Made, united: United | None) -> str:
    if united is not None:
        return title(united.section, united.merged.body)
    return f"the {made.kind.replace('_', ' ')} `{made.name}`"


def _alike(workings: Workings, root: Made, this: Made, host: str) -> tuple[str, ...]:
    """The other hosts on which it was made once for all of them: from the same lines, in the same layers."""
    return tuple(
        each.name
        for each in workings.inventory.hosts
        if each.name != host
        for found in (workings.made(each.name),)
        if any(made is root for made in found) and this in found
    )


def _companion(made: Made) -> Companion:
    return Companion(kind=made.kind, name=made.name, place=str(made.origin), declared=not made.derived)


def _brings(united: United, made: Made, *, own: bool) -> Iterator[Key]:
    """What comes along with a resource, declared itself or not."""
    if made.state != "present":
        return
    if own:
        for brought in united.lowered.brings:
            yield _key(brought.kind, brought.spec)
    for derived in KINDS[made.kind].derived(made.spec):
        yield _key(derived.kind, derived.spec)


def _entry(testimony: Testimony, spec: Spec) -> tuple[Field, ...]:
    """What was written and is no field of the spec by its name: a printer's model, a file's template."""
    named = frozenset(type(spec).model_fields)
    found = (testimony.declared(path) for path, _ in leaves(testimony.body) if path and path[0] not in named)
    return tuple(field for field in found if field is not None)


def _marks(witnesses: Sequence[Witness], inputs: Inputs) -> tuple[Field, ...]:
    """State, protection and what is final, where they are written."""
    return tuple(mark for name in _MARKS if (mark := _mark(name, witnesses, inputs)) is not None)


def _mark(name: str, witnesses: Sequence[Witness], inputs: Inputs) -> Field | None:
    said = tuple(
        _said(witness, common, name, inputs)
        for witness in witnesses
        for common in (witness.statement.declaration.common,)
        if name in common.entries
    )
    return declared(name, said) if said else None


def _said(witness: Witness, common: MappingNode, name: str, inputs: Inputs) -> Said:
    node = common.entries[name].value
    stated = witness.standing.stated
    return Said(
        value=written_value(node),
        place=str(node.origin),
        layer=layer_words(witness.standing, witness.statement.layer.scope, inputs.facts),
        profiles=profiles_of(stated),
        use="" if stated.bundled is None else str(stated.bundled.use),
    )

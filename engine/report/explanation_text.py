"""Explanations for a terminal: what it is, why it is there, and line by line where it was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.model.base import FieldValue
from engine.model.explanation import (
    Absence,
    Companion,
    Document,
    Explanation,
    Field,
    HostExplanation,
    Input,
    Reach,
    Relation,
    Said,
    Selector,
)
from engine.report.lines import BLANK, Line, Style, line
from engine.report.ranges import host_range
from engine.report.values import value_text
from engine.report.visible import clean

_HOW = {"needs": "needs", "after": "comes after", "implied": "needs, by its kind,"}
_HOW_OTHERS = {"needs": "needs it", "after": "comes after it", "implied": "needs it, by its kind"}


def explanation_text(document: Document) -> tuple[Line, ...]:
    """The explanation as styled lines."""
    match document:
        case Explanation():
            return tuple(_resource(document))
        case Absence():
            return tuple(_absence(document))
        case HostExplanation():
            return tuple(_host(document))


def _resource(found: Explanation) -> Iterator[Line]:
    protected = ", protected" if found.protected else ""
    yield line(f"{clean(found.title)} on {clean(found.address.host)}", Style.HEADING)
    yield Line(((f"{clean(found.address)}  ", Style.QUIET), (f"{found.state}{protected}", Style.PLAIN)))
    if found.alike:
        yield line(f"The same on {host_range(found.alike)}.")
    yield from _why(found)
    yield from _fields("State", found.marks)
    yield from _fields("Written as", found.entry)
    written = tuple(field for field in found.fields if field.source != "default" or field.place)
    defaults = tuple(field for field in found.fields if field.source == "default" and not field.place)
    yield from _fields("Fields", written)
    if defaults:
        yield from _heading("Not written, so by default")
        for field in defaults:
            yield line(f"{clean(field.name)}: {value_text(field.value)}", Style.QUIET, indent=2)
    yield from _relations(found)
    yield from _companions("Brings along", found.brings)


def _why(found: Explanation) -> Iterator[Line]:
    yield from _heading("Why it is on this host")
    for companion in found.brought_by:
        yield Line(
            (
                (f"it comes along with {_thing(companion.kind, companion.name)}", Style.PLAIN),
                _place(companion.place),
            ),
            indent=2,
        )
    for reach in found.reached:
        yield from _reach(reach)


def _reach(reach: Reach) -> Iterator[Line]:
    yield Line(((clean(reach.place), Style.PLAIN), (f"  {_came(reach)}", Style.QUIET)), indent=2)
    for selector in reach.selectors:
        yield from _selector(selector)


def _selector(selector: Selector) -> Iterator[Line]:
    for word in selector.words:
        part = "  its word " if word.within else ""
        means = host_range(word.means) or "no host here"
        text = f"{part}`{clean(word.text)}` means {means}"
        yield Line(((text, Style.PLAIN if word.matches else Style.QUIET), _place(selector.place)), indent=4)


def _absence(found: Absence) -> Iterator[Line]:
    what = _thing(found.address.kind, found.address.name)
    host = clean(found.address.host)
    yield line(f"{what} is not on {host}", Style.HEADING)
    yield line(clean(found.address), Style.QUIET)
    if found.hosts:
        yield line(f"It is on {host_range(found.hosts)}.")
    if found.declarations:
        yield from _heading("Declared, but not for this host")
    for reach in found.declarations:
        yield Line(((clean(reach.place), Style.PLAIN), (f"  {_came(reach)}", Style.QUIET)), indent=2)
        for selector in reach.selectors:
            yield from _missing(selector, host)
    if found.schools:
        yield BLANK
        yield line(f"Declared in other schools: {', '.join(map(clean, found.schools))}")


def _missing(selector: Selector, host: str) -> Iterator[Line]:
    """What a selector means, and that it is not this host."""
    for word in selector.words:
        part = "  its word " if word.within else ""
        means = host_range(word.means) or "no host of this school"
        verdict = "" if word.matches else f", not {host}"
        style = Style.QUIET if word.matches else Style.WARNING
        yield Line(
            ((f"{part}`{clean(word.text)}` means {means}{verdict}", style), _place(selector.place)), indent=4
        )


def _host(found: HostExplanation) -> Iterator[Line]:
    yield line(f"{clean(found.host)} of {clean(found.school)}", Style.HEADING)
    yield line(clean(found.place), Style.QUIET)
    yield from _heading("Facts")
    for fact in found.facts:
        yield Line(((f"{fact.name}: {value_text(fact.value)}", Style.PLAIN), _place(fact.place)), indent=2)
    yield from _fields("Variables", found.variables)
    if found.profiles:
        yield from _heading("Profiles")
    for reach in found.profiles:
        yield Line(
            ((clean(" > ".join(reach.profiles)), Style.PLAIN), (f"  {clean(reach.layer)}", Style.QUIET)),
            indent=2,
        )
        for selector in reach.selectors:
            yield from _selector(selector)
    yield from _heading("Resources")
    counts = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in found.resources.items())
    yield line(counts or "none", indent=2)


def _heading(text: str) -> Iterator[Line]:
    yield BLANK
    yield line(text, Style.HEADING)


def _fields(title: str, fields: Iterable[Field]) -> Iterator[Line]:
    for number, field in enumerate(fields):
        if number == 0:
            yield from _heading(title)
        yield from _field(field)


def _field(field: Field) -> Iterator[Line]:
    name = f"{clean(field.name)}: "
    if field.items:
        yield Line(((name, Style.PLAIN),), indent=2)
        for item in field.items:
            yield _value(item.value, item)
            yield from _origins(item, indent=6)
    else:
        yield Line(((name, Style.PLAIN), (value_text(field.value), Style.CHANGE), *_source(field)), indent=2)
        if field.said is not None:
            yield from _origins(field.said, indent=4)
    for said in field.overrides:
        over = "as does" if said.value == field.value else f"over {value_text(said.value)}"
        yield line(f"{over}  {clean(said.place)}  {_layer(said)}", Style.QUIET, indent=4)


def _value(value: FieldValue, said: Said) -> Line:
    return Line(
        ((value_text(value), Style.CHANGE), _place(said.place), (f"  {_layer(said)}", Style.QUIET)), indent=4
    )


def _source(field: Field) -> tuple[tuple[str, Style], ...]:
    if field.source == "catalog":
        return (_place(field.place), ("  the catalog", Style.QUIET))
    layer = "" if field.said is None else f"  {_layer(field.said)}"
    special = {"derived": "  worked out from there", "default": "  set to nothing" if field.place else ""}
    return (_place(field.place), (f"{layer}{special.get(field.source, '')}", Style.QUIET))


def _origins(said: Said, indent: int) -> Iterator[Line]:
    """The template that a value comes from, and what that names."""
    if said.written is not None:
        yield line(f"from {value_text(said.written)}", Style.QUIET, indent)
    yield from _inputs(said.inputs, indent)


def _inputs(inputs: Iterable[Input], indent: int) -> Iterator[Line]:
    for each in inputs:
        value = f" = {value_text(each.value)}" if each.value is not None else ""
        written = f", from {value_text(each.written)}" if each.written is not None else ""
        yield line(f"{clean(each.name)}{value}{written}  {clean(each.place)}", Style.QUIET, indent)
        yield from _inputs(each.inputs, indent + 2)


def _layer(said: Said | Reach) -> str:
    """The layer, and the profiles by which it came. Where they are used is said once, for the resource."""
    by = f", by {' > '.join(said.profiles)}" if said.profiles else ""
    return clean(f"{said.layer}{by}")


def _came(reach: Reach) -> str:
    used = f", used at {reach.use}" if reach.use else ""
    return clean(f"{_layer(reach)}{used}")


def _relations(found: Explanation) -> Iterator[Line]:
    for number, relation in enumerate(found.needs):
        if number == 0:
            yield from _heading("It waits for")
        yield _relation(relation, f"{_HOW[relation.how]} {_other(relation, found)}")
    for number, relation in enumerate(found.needed_by):
        if number == 0:
            yield from _heading("What waits for it")
        yield _relation(relation, f"{_other(relation, found)} {_HOW_OTHERS[relation.how]}")


def _relation(relation: Relation, text: str) -> Line:
    return Line(((text, Style.PLAIN), _place(relation.place)), indent=2)


def _other(relation: Relation, found: Explanation) -> str:
    here = relation.hosts == (found.address.host,)
    return _thing(relation.kind, relation.name) + ("" if here else f" on {host_range(relation.hosts)}")


def _companions(title: str, companions: Iterable[Companion]) -> Iterator[Line]:
    for number, each in enumerate(companions):
        if number == 0:
            yield from _heading(title)
        own = "  declared itself" if each.declared else ""
        yield Line(
            ((f"{_thing(each.kind, each.name)}{own}", Style.PLAIN), _place(each.place)),
            indent=2,
        )


def _thing(kind: str, name: str) -> str:
    return f"the {kind.replace('_', ' ')} `{clean(name)}`"


def _place(place: str) -> tuple[str, Style]:
    return (f"  {clean(place)}" if place else "", Style.QUIET)

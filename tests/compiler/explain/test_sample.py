"""What is explained of the sample district is what is compiled, and stands where it is said to stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.compiler.district import District
from engine.compiler.explain.fields import flat
from engine.compiler.explain.resource import explain_resource
from engine.compiler.explain.workings import Workings, open_school
from engine.compiler.school import compile_school
from engine.manifest.nodes import MappingNode, Node, SequenceNode, plain
from engine.manifest.yaml import parse_yaml
from engine.model.explanation import Explanation, Field, Said
from engine.model.resource import Resource, SchoolIntent
from tests.support.small_district import load

PROJECT = Path(__file__).resolve().parents[3]
SCHOOLS = sorted(file.parent.name for file in (PROJECT / "manifests" / "schools").glob("*/school.yaml"))


@cache
def district() -> District:
    return load(PROJECT / "manifests")


def opened(school: str) -> tuple[Workings, SchoolIntent]:
    intent = compile_school(district(), school).intent
    assert intent is not None
    return open_school(district(), school), intent


@cache
def explained(school: str) -> tuple[tuple[Resource, Explanation], ...]:
    workings, intent = opened(school)
    return tuple((resource, explain_resource(workings, intent, resource)) for resource in intent.resources)


def nodes(node: Node) -> Iterator[Node]:
    """Every node of a tree."""
    yield node
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from nodes(item)
    elif isinstance(node, MappingNode):
        for entry in node.entries.values():
            yield from nodes(entry.value)


class Files:
    """The manifests as text and as trees, to look up what stands at a place."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}
        self._values: dict[str, dict[str, list[object]]] = {}

    def text(self, place: str) -> str:
        """The line from the place on."""
        file, line, column = place.rsplit(":", 2)
        if file not in self._lines:
            self._lines[file] = (PROJECT / file).read_text(encoding="utf-8").splitlines()
        return self._lines[file][int(line) - 1][int(column) - 1 :]

    def values(self, place: str) -> list[object]:
        """The values that are written at the place, of the outer nodes first."""
        file = place.rsplit(":", 2)[0]
        if file not in self._values:
            tree, findings = parse_yaml((PROJECT / file).read_text(encoding="utf-8"), file)
            assert not findings
            assert tree is not None
            found = self._values[file] = {}
            for node in nodes(tree):
                found.setdefault(str(node.origin), []).append(plain(node))
        return self._values[file].get(place, [])


FILES = Files()


def test_places_exist() -> None:
    assert FILES.text("manifests/district.yaml:3:11").startswith("bcps")


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_field_has_the_compiled_value(school: str) -> None:
    seen = 0
    for resource, explanation in explained(school):
        found = {field.name: field.value for field in explanation.fields}
        assert found == {".".join(path): value for path, value in flat(resource.spec)}
        assert explanation.address == resource.address
        assert explanation.place == str(resource.origin)
        assert (explanation.state == "absent", explanation.protected) == (resource.absent, resource.protected)
        seen += len(found)
    assert seen > 500


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_place_holds_the_value(school: str) -> None:
    wrong = {
        f"{explanation.address} {field.name}={field.value!r} {field.source} at {field.place}"
        for _, explanation in explained(school)
        for field in (*explanation.fields, *explanation.entry, *explanation.marks)
        if not holds(field)
    }
    assert sorted(wrong) == []


def holds(field: Field) -> bool:
    """Whether the text at the place is the value, the template that gives it, or what it comes from."""
    if field.source == "default":
        return field.place == "" or FILES.text(field.place).startswith("~")
    if field.source == "derived":
        return comes_from(field)
    if field.said is not None and field.said.written is not None:
        return is_written(field.said)
    if field.items:
        return all(map(is_written, field.items))
    return FILES.text(field.place).startswith(str(field.value)) or any(
        fits(OTHERWISE.get(field.name, _same)(value), field.value) for value in FILES.values(field.place)
    )


def is_written(said: Said) -> bool:
    """Whether the item, or its template, stands at its place."""
    wanted = said.value if said.written is None else said.written
    return any(fits(value, wanted) for value in FILES.values(said.place))


def fits(written: object, value: object) -> bool:
    """Whether a value is what is written. Names have no case; what is not written may be a default."""
    if isinstance(written, dict) and isinstance(value, dict):
        return all(fits(inner, value.get(name)) for name, inner in written.items())
    if isinstance(value, tuple):
        items = written if isinstance(written, tuple) else (written,)
        return len(items) == len(value) and all(map(fits, items, value))
    if isinstance(written, str) and "{{" in written:  # within an item that is a group of fields
        return str(value).startswith(written.partition("{{")[0])
    return str(written).casefold() == str(value).casefold()


def _same(value: object) -> object:
    return value


def _listed(files: object) -> object:
    """The files of a driver's package, which the catalog holds as names with digests."""
    if not isinstance(files, dict):
        return files
    return tuple({"name": name, "sha256": digest} for name, digest in files.items())


# Fields of the catalog that a spec holds in another form.
OTHERWISE: dict[str, Callable[[object], object]] = {
    "installer.file": lambda source: str(source).rpartition("/")[2],
    "installer.timeout_seconds": lambda minutes: int(str(minutes)) * 60,
    "uninstall.timeout_seconds": lambda minutes: int(str(minutes)) * 60,
    "package.files": _listed,
}


def comes_from(field: Field) -> bool:
    """The few fields that are worked out from others, each by its own rule."""
    (written,) = FILES.values(field.place)
    manifests = PROJECT / "manifests"
    match field.name, written:
        case "installer.size", {"source": str(source)}:
            return (manifests / source).stat().st_size == field.value
        case "stays", {"name": str()}:
            return field.value is True
        case (("port" | "name"), str()):
            return field.value == f"IP_{written}"
        case "content.line_endings", str():
            return (b"\r\n" in (manifests / written).read_bytes()) == (field.value == "crlf")
        case "content.text", str() if (manifests / written).is_file():
            return field.value == (manifests / written).read_text(encoding="utf-8")
        case "content.text", str():
            return (
                (PROJECT / "templates" / written).is_file() and field.said is not None and is_rendered(field)
            )
    return False


def is_rendered(field: Field) -> bool:
    """Whether the values that the template names stand in the text.

    Filters may change their case or take one item of a list; switches only decide what is
    written, and for what is missing the template says something else.
    """
    (template,) = field.said.inputs if field.said is not None else ()
    assert template.name == "the template"
    text = str(field.value).casefold()
    return all(
        named.value == () or any(str(item).casefold() in text for item in _items(named.value))
        for named in template.inputs
        if named.value is not None and not isinstance(named.value, bool)
    )


def _items(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)

"""Single values that Rollcall takes, or refuses, and the editor has to treat alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import JsonValue

from engine.app.editing import schemas
from engine.compiler.language.jsonschema import SchemaFile
from engine.compiler.language.values import TEMPLATE
from tests.support.editor import is_refused
from tests.support.editor_yaml import core_value, read_document

SHARE = "shares: [{name: Staff, path: 'D:\\Staff', hosts: server, %s}]"
PORT = "printer_ports: [{name: P, address: 10.1.2.3, hosts: server, %s}]"
VALUE = "registry_values: [{key: 'HKLM\\SOFTWARE\\T', name: N, hosts: lab, %s}]"


@pytest.mark.parametrize(
    ("section", "field"),
    [
        (PORT, "number: '{{ vars.port }}'"),
        (PORT, "number: ~"),
        (PORT, "snmp: '{{ vars.snmp }}'"),
        (SHARE, "caching: '{{ vars.caching }}'"),
        (SHARE, "access: {full: '{{ vars.admins }}'}"),
        (SHARE, "access: ~"),
        (SHARE, "description: 114"),
        (SHARE, "final: true"),
        (SHARE, "final: [path]"),
        (SHARE, "needs: software/tool, after: [software/tool]"),
        (VALUE, "type: string, data: 08"),
        (VALUE, "type: dword, data: '{{ vars.level }}', view: 32"),
        ("services: [{name: S, hosts: lab, %s}]", "state: running"),
        ("services: [{name: S, hosts: lab, %s}]", "state: absent"),
        ("files: [{path: '{{ vars.folder }}\\x', hosts: lab, %s}]", "text: ''"),
        ("software:%s", ""),
        ("profiles: [{use: marked, hosts: lab, with: {%s}}]", "a: 1, b: [x, 2], c: true, d: text"),
    ],
)
def test_taken(section: str, field: str) -> None:
    assert not is_refused("schools/alpha/more.yaml", read_document(section % field).data)


@pytest.mark.parametrize(
    ("section", "field"),
    [
        (PORT, "number: '9100'"),
        (PORT, "number: 0"),
        (PORT, "snmp: yes"),
        (SHARE, "caching: nothing"),
        (SHARE, "access: {full: Everyone}"),
        (SHARE, "access: '{{ vars.access }}'"),
        (SHARE, "protect: '{{ vars.protect }}'"),
        (SHARE, "description: true"),
        (SHARE, "state: running"),
        (SHARE, "final: path"),
        (SHARE, "x: ~"),
        (VALUE, "view: 16"),
        ("services: [{name: S, hosts: lab, %s}]", "state: paused"),
        ("software: [{name: tool%s}]", ""),
        ("software: {name: tool, hosts: lab%s}", ""),
        ("profiles: [{use: Marked, hosts: lab%s}]", ""),
        ("name: A school without its short name%s", ""),
    ],
)
def test_refused(section: str, field: str) -> None:
    assert is_refused("schools/alpha/more.yaml", read_document(section % field).data)


def snippets(schema: JsonValue, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], JsonValue]]:
    """All bodies of snippets below a schema, with the names of the fields that lead to them."""
    if isinstance(schema, dict):
        for snippet in schema.get("defaultSnippets", []):  # type: ignore[union-attr]  # ours are lists
            assert isinstance(snippet, dict)
            yield path, snippet["body"]
        for name, inner in schema.items():
            yield from snippets(inner, (*path, name))


def filled(body: JsonValue) -> JsonValue:
    """A snippet's body as somebody leaves it who only presses Tab."""
    if isinstance(body, dict):
        return {key: filled(value) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(item) for item in body]
    assert isinstance(body, str)
    match = re.fullmatch(r"\$\{\d+:(.*)\}", body)
    assert match, body
    return core_value(re.sub(r"\\([\\$}])", r"\1", match[1]))


FILES = {
    "district": "district.yaml",
    "school": "schools/alpha/school.yaml",
    "profile": "profiles/marked.yaml",
    "software": "catalog/software/tool.yaml",
    "printer": "catalog/printers/laser.yaml",
    "rehearsal": "rehearsal.yaml",
}
SNIPPETS = [
    (drawn.name, path, body)
    for drawn in schemas()
    for path, body in snippets(json.loads(json.dumps(drawn.schema)))
]


@pytest.mark.parametrize(("name", "path", "body"), SNIPPETS, ids=lambda value: str(value)[:40])
def test_a_snippet_is_right_as_it_comes(name: str, path: tuple[str, ...], body: JsonValue) -> None:
    data = filled(body)
    if path:  # an entry of a section; a part of a school takes it, for hosts that are named
        assert path[0] == "definitions"
        assert isinstance(data, dict)
        is_refused_here = is_refused("schools/alpha/more.yaml", {path[1]: [{"hosts": "lab", **data}]})
    else:
        is_refused_here = is_refused(FILES[name], data)
    assert not is_refused_here


def patterns(schema: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Everything below a schema that has a pattern."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema
        for inner in schema.values():
            yield from patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from patterns(inner)


@pytest.mark.parametrize("drawn", schemas(), ids=lambda drawn: drawn.name)
def test_no_editor_shows_a_pattern_to_people(drawn: SchemaFile) -> None:
    found = list(patterns(json.loads(json.dumps(drawn.schema))))
    alternatives = [
        each for each in found if each["pattern"] == TEMPLATE and set(each) == {"type", "pattern"}
    ]
    assert [each for each in found if "patternErrorMessage" not in each and each not in alternatives] == []


def test_there_is_a_snippet_for_every_document_and_section() -> None:
    assert {name for name, path, _ in SNIPPETS if not path} == set(FILES)
    assert {path[1] for name, path, _ in SNIPPETS if path and name == "school"} >= {"shares", "printers"}

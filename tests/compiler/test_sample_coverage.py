"""The sample district uses the whole language once, or says here why no district would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from pydantic import JsonValue

from engine.compiler.district import District
from engine.compiler.language.documents import document_types
from engine.compiler.language.types import DocumentType
from engine.compiler.layers import Layer, Scope
from engine.compiler.reaching import reaching
from engine.manifest.selectors import And, Expression, Key, Not, Or, Term, parse_selector
from engine.manifest.templates import FILTERS, TESTS, Templates, is_template
from engine.model.source import ProjectFile, SharedFile, WebFile, parse_source
from tests.support.editor_yaml import read_document
from tests.support.language_use import Said, demanded, used
from tests.support.small_district import load

PROJECT = Path(__file__).resolve().parents[2]
MANIFESTS = PROJECT / "manifests"

# Windows' own long lists, of which one choice stands for all.
LONG_LISTS = ("paper",)

NOT_USED = {
    "Connection.school_suffixes": "every school's computers are below the district's own suffix",
    "scheme=http": "every computer of the sample has a certificate, so none is talked to over http",
    "auth=basic": "it sends the password itself; it is there for hosts that know nothing else",
    "caching=branchcache": "no school has a branch office behind a slow line",
    "type=none": "a registry value without a type; no program that a school uses reads one",
    "applies_to=this folder, subfolders and files": "what holds where nothing is said",
    "encoding=utf-8": "what holds where nothing is said",
    "line_endings=crlf": "what holds where nothing is said",
    "view=64": "what holds, or is tried first, where nothing is said",
}
TEMPLATES = {
    "letters": {"upper", "lower", "capitalize", "title", "trim"},
    "items of lists": {"first", "last", "length"},
    "lists": {"join", "list", "sort", "unique"},
    "other forms": {"tojson", "string", "int"},
    "what is missing": {"default"},
}
PARTS = {
    *("district.id", "district.name", "district.domain", "school.id", "school.name", "school.groups"),
    *("host.name", "host.group", "host.roles", "host.room", "host.model"),
}


@cache
def district() -> District:
    return load(MANIFESTS)


@cache
def documents() -> tuple[tuple[DocumentType, JsonValue], ...]:
    """Every document of the sample with its type."""
    types = {PurePosixPath(each.files): each for each in document_types()}
    return tuple(
        (_type(types, file.relative_to(MANIFESTS)), read_document(file.read_text(encoding="utf-8")).data)
        for file in sorted(MANIFESTS.rglob("*.yaml"))
    )


def _type(types: dict[PurePosixPath, DocumentType], file: Path) -> DocumentType:
    """The type whose pattern fits the path; a pattern with fewer free parts goes first."""
    fitting = [
        path
        for path in types
        if len(path.parts) == len(file.parts)
        and all(a == b or "<" in a for a, b in zip(path.parts, file.parts, strict=True))
    ]
    return types[min(fitting, key=lambda path: sum("<" in part for part in path.parts))]


@cache
def uses() -> tuple[frozenset[str], tuple[str, ...]]:
    """Everything that is used, and every selector."""
    found = [each for of_type, data in documents() for each in used(of_type, data)]
    selectors = tuple(text for each in found if isinstance(each, Said) for text in each.hosts)
    return frozenset(each for each in found if isinstance(each, str)), selectors


def _wanted() -> dict[str, None]:
    keys = dict.fromkeys(key for of_type in document_types() for key in demanded(of_type))
    short = {key: None for key in keys if key.partition("=")[0] not in LONG_LISTS or "=" not in key}
    return {**short, **{f"{name}=one of them": None for name in LONG_LISTS}}


def _used() -> frozenset[str]:
    keys = uses()[0]
    return keys | {f"{key.partition('=')[0]}=one of them" for key in keys if "=" in key}


def test_every_field_and_every_choice_is_used_or_has_a_reason() -> None:
    missing = [key for key in _wanted() if key not in _used()]
    assert sorted(missing) == sorted(NOT_USED)


def test_every_reason_is_about_something_that_could_be_used() -> None:
    assert set(NOT_USED) <= set(_wanted())
    assert all(len(reason) > 20 for reason in NOT_USED.values())


def test_values_are_taken_back_given_by_templates_and_named_for_reuse() -> None:
    assert uses()[0] >= {"`~`", "a template"}
    texts = [file.read_text(encoding="utf-8") for file in MANIFESTS.rglob("*.yaml")]
    assert any(re.search(r"&(\w+) .*(?:\n.*)*\*\1\b", text) for text in texts)


def _nodes(expression: Expression) -> Iterator[Expression]:
    yield expression
    match expression:
        case Not(operand):
            yield from _nodes(operand)
        case And(operands) | Or(operands):
            for each in operands:
                yield from _nodes(each)


def _terms() -> list[Term]:
    return [node for text in uses()[1] for node in _nodes(parse_selector(text)) if isinstance(node, Term)]


def test_every_way_to_select_hosts_is_used() -> None:
    told = {term.key for term in _terms() if term.key is not None}
    assert told == set(Key)
    kinds = {type(node) for text in uses()[1] for node in _nodes(parse_selector(text))}
    assert kinds == {Term, Not, And, Or}
    assert any("(" in text for text in uses()[1])
    assert any("," in term.value for term in _terms())  # a range with gaps
    assert any(term.value == "all" for term in _terms())


@pytest.mark.parametrize("key", [Key.HOST, Key.GROUP, Key.ROLE])
def test_a_word_alone_means_each_of_what_it_may_mean(key: Key) -> None:
    inventories = [district().inventories[school] for school in district().schools]
    words = {term.names[0] for term in _terms() if term.key is None and len(term.names) == 1}
    known = {
        name
        for inventory in inventories
        for name in (inventory.by_name if key is Key.HOST else inventory.facts(key))
    }
    assert words & known


def test_something_is_said_in_every_layer_with_and_without_profiles() -> None:
    layers: set[Layer] = {
        layer
        for school in district().schools
        for _, applied in reaching(district(), school, district().inventories[school])
        for layer in applied.layers.values()
    }
    assert {layer.scope for layer in layers if layer.direct} == set(Scope)
    profiled = {layer.scope for layer in layers if not layer.direct}
    assert profiled >= {Scope.DISTRICT, Scope.SCHOOL_GROUP, Scope.HOST_GROUP, Scope.HOST}


def _strings(data: JsonValue) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | dict):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _strings(each)


def _templates() -> list[str]:
    values = [text for _, data in documents() for text in _strings(data) if is_template(text)]
    return [*values, *(file.read_text(encoding="utf-8") for file in (PROJECT / "templates").iterdir())]


def test_templates_use_every_sort_of_filter_and_every_name() -> None:
    texts = "\n".join(_templates())
    filters = set(re.findall(r"\|\s*(\w+)", texts))
    assert set().union(*TEMPLATES.values()) == set(FILTERS)
    assert {title for title, names in TEMPLATES.items() if not names & filters} == set()
    assert set(re.findall(r"\bis (\w+)", texts)) & set(TESTS)
    assert "{% if" in texts
    assert "{% for" in texts
    checker = Templates()
    chains = {chain for text in _templates() for chain in checker.check(text).chains}
    assert {".".join(chain) for chain in chains} >= PARTS
    assert {chain[0] for chain in chains} == {"district", "school", "host", "vars", "parameters"}


def test_installers_and_secrets_come_from_everywhere_they_can() -> None:
    sources = {
        type(parse_source(version.installer.source))
        for product in district().documents.software.values()
        for version in product.document.versions
    }
    assert sources == {ProjectFile, SharedFile, WebFile}
    secrets = set(re.findall(r"(?:user|password): (\w+):", "\n".join(map(_text, MANIFESTS.rglob("*.yaml")))))
    assert secrets == {"env", "file", "keyring"}


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")

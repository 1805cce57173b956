"""Mistakes as text, as JSON, for GitHub and as SARIF."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from engine.model.origin import Finding, Origin
from engine.model.rules import RULES
from engine.report.findings import Looked, Shown
from engine.report.findings_github import findings_github
from engine.report.findings_json import FindingsDocument, findings_json
from engine.report.findings_sarif import findings_sarif
from engine.report.findings_text import findings_text
from engine.report.lines import plain

RESOURCES = "manifests/schools/alpha/resources.yaml"
LOOKED = Looked(1, 7, 30)
FIELD = Finding(Origin(RESOURCES, 2, 5), "unknown-field", "there is no `pth`", "did you mean `path`?")
TYPE = Finding(Origin(RESOURCES, 12, 3), "wrong-type", "this must be a list")
FILE = Finding(Origin("manifests/x: a, b%.yaml", 1, 1), "stray-file", "nobody reads\nthis")
ALL = (
    Shown(TYPE, RESOURCES),
    Shown(FIELD, RESOURCES, "    pth: D:\\Staff"),
    Shown(FILE, "manifests/x: a, b%.yaml"),
)

texts = st.text(max_size=40)
findings = st.builds(
    lambda file, line, column, rule, message: Shown(
        Finding(Origin(file or "f", line, column), rule or "r", message), file or "f", message
    ),
    texts,
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    texts,
    texts,
)

TEXT = rf"""
{RESOURCES}:2:5: there is no `pth` (did you mean `path`?) [unknown-field]
        pth: D:\Staff
        ^
{RESOURCES}:12:3: this must be a list [wrong-type]

manifests/x: a, b%.yaml:1:1: nobody reads\nthis [stray-file]

3 mistakes in 2 files.
"""


def test_text_has_the_line_below_each_mistake_and_counts_them() -> None:
    assert plain(findings_text(ALL)) == TEXT.lstrip("\n")


def test_one_mistake_is_counted_in_the_singular() -> None:
    assert plain(findings_text(ALL[:1])).splitlines()[-1] == "1 mistake in 1 file."


def test_json_has_a_version_and_reads_back() -> None:
    text = findings_json(ALL, LOOKED)
    document = FindingsDocument.model_validate_json(text)
    assert json.loads(text)["format_version"] == "1.0"
    assert (document.schools, document.hosts, document.resources) == (1, 7, 30)
    assert [(entry.file, entry.line, entry.column) for entry in document.findings] == [
        (RESOURCES, 2, 5),
        (RESOURCES, 12, 3),
        ("manifests/x: a, b%.yaml", 1, 1),
    ]
    assert "D:" not in text


def test_github_s_commands_are_escaped() -> None:
    assert findings_github(ALL).splitlines() == [
        f"::error file={RESOURCES},line=2,col=5,title=rollcall unknown-field::"
        "there is no `pth` (did you mean `path`?)",
        f"::error file={RESOURCES},line=12,col=3,title=rollcall wrong-type::this must be a list",
        "::error file=manifests/x%3A a%2C b%25.yaml,line=1,col=1,title=rollcall stray-file::"
        "nobody reads\\nthis",
        "3 mistakes in 2 files.",
    ]
    assert findings_github(()) == ""


@given(st.lists(findings, min_size=1, max_size=4))
def test_no_text_makes_a_command_of_its_own(shown: list[Shown]) -> None:
    lines = findings_github(shown).split("\n")
    assert len(lines) == len(shown) + 2
    for line in lines[:-2]:
        command = re.fullmatch(r"::error file=([^:,]*),line=\d+,col=\d+,title=rollcall ([^:,]*)::(.*)", line)
        assert command is not None, line


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Message(_Part):
    text: Annotated[str, Field(min_length=1)]


class _Level(_Part):
    level: Literal["none", "note", "warning", "error"]


class _ReportingDescriptor(_Part):
    id: str
    defaultConfiguration: _Level  # noqa: N815  the names are the standard's
    shortDescription: _Message | None = None  # noqa: N815
    help: _Message | None = None


class _Driver(_Part):
    name: Literal["rollcall"]
    version: str
    rules: list[_ReportingDescriptor]


class _Tool(_Part):
    driver: _Driver


class _ArtifactLocation(_Part):
    uri: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.~/%-]+$")]  # a relative reference (RFC 3986)
    uriBaseId: Literal["%SRCROOT%"]  # noqa: N815


class _Region(_Part):
    startLine: Annotated[int, Field(ge=1)]  # noqa: N815
    startColumn: Annotated[int, Field(ge=1)]  # noqa: N815


class _PhysicalLocation(_Part):
    artifactLocation: _ArtifactLocation  # noqa: N815
    region: _Region


class _Location(_Part):
    physicalLocation: _PhysicalLocation  # noqa: N815


class _Result(_Part):
    ruleId: str  # noqa: N815
    ruleIndex: Annotated[int, Field(ge=0)]  # noqa: N815
    level: Literal["error"]
    message: _Message
    locations: list[_Location]
    partialFingerprints: dict[str, str]  # noqa: N815


class _Base(_Part):
    description: _Message


class _Run(_Part):
    tool: _Tool
    originalUriBaseIds: dict[Literal["%SRCROOT%"], _Base]  # noqa: N815
    columnKind: Literal["unicodeCodePoints"]  # noqa: N815
    results: list[_Result]


class _Log(BaseModel):
    """The part of the SARIF 2.1.0 schema that is used, as strict as it is there."""

    model_config = ConfigDict(extra="allow", strict=True)
    version: Literal["2.1.0"]
    runs: list[_Run]


def _run(text: str) -> _Run:
    (run,) = _Log.model_validate_json(text).runs
    return run


def test_sarif_names_rules_with_their_help_and_places_from_the_top() -> None:
    run = _run(findings_sarif(ALL, "1.2.3"))
    rules = run.tool.driver.rules
    assert {rule.id for rule in rules} == set(RULES)
    first = run.results[0]
    assert rules[first.ruleIndex].id == first.ruleId == "unknown-field"
    assert rules[first.ruleIndex].help == _Message(text=RULES["unknown-field"].help)
    place = first.locations[0].physicalLocation
    assert (place.artifactLocation.uri, place.region.startLine, place.region.startColumn) == (RESOURCES, 2, 5)
    assert run.results[2].locations[0].physicalLocation.artifactLocation.uri == (
        "manifests/x%3A%20a%2C%20b%25.yaml"
    )


def _prints(*shown: Shown) -> list[str]:
    results = _run(findings_sarif(shown, "1")).results
    return [digest for each in results for digest in each.partialFingerprints.values()]


def test_a_fingerprint_outlives_lines_that_are_added_above() -> None:
    lower = Finding(Origin(RESOURCES, 40, 7), FIELD.rule, FIELD.message, FIELD.suggestion)
    assert _prints(Shown(FIELD, RESOURCES)) == _prints(Shown(lower, RESOURCES))
    assert len({*_prints(Shown(FIELD, RESOURCES), Shown(lower, RESOURCES), Shown(TYPE, RESOURCES))}) == 3


@given(st.lists(findings.filter(lambda each: each.finding.message.strip() != ""), max_size=4))
def test_sarif_is_well_formed_whatever_is_in_it(shown: list[Shown]) -> None:
    assert len(_run(findings_sarif(shown, "1")).results) == len(shown)


def _rendered(text: str) -> str:
    """A message as a viewer shows it: no placeholder is filled in, links show their text (3.11.5, 3.11.6)."""
    assert not re.search(r"(?<!\{)(?:\{\{)*\{[0-9]+\}", text), "a placeholder without an argument"
    shown = re.sub(r"\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\([^)]*\)", r"\1", text)
    return shown.replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("`{{ vars.x }}` and {0} and {", "`{{ vars.x }}` and {0} and {"),
        (r"\\FS01\C$\[a] and PC-[01-04]", r"\\FS01\C$\[a] and PC-[01-04]"),
        ("[click](https://evil.example) or [here](1)", "[click] (https://evil.example) or [here] (1)"),
    ],
)
def test_sarif_messages_are_shown_as_they_are_meant(message: str, shown: str) -> None:
    finding = Shown(Finding(Origin(RESOURCES, 1, 1), "wrong-type", message), RESOURCES)
    (result,) = _run(findings_sarif([finding], "1")).results
    assert _rendered(result.message.text) == shown


@given(st.text(alphabet="{}[]()\\01a", max_size=30))
def test_no_sarif_message_has_a_placeholder_or_a_link(message: str) -> None:
    finding = Shown(Finding(Origin(RESOURCES, 1, 1), "wrong-type", f"x{message}"), RESOURCES)
    (result,) = _run(findings_sarif([finding], "1")).results
    assert _rendered(result.message.text) == f"x{message}".replace("](", "] (")


def test_names_that_are_no_text_can_be_written() -> None:
    odd = Finding(Origin("manifests/\udcff.yaml", 1, 1), "file-name", "the name \udcff is no text")
    shown = (Shown(odd, odd.origin.file),)
    assert json.loads(findings_json(shown, LOOKED))["findings"][0]["file"] == odd.origin.file
    assert "%FF.yaml" in findings_sarif(shown, "1")
    assert r"\udcff" in findings_github(shown)
    assert r"\udcff" in plain(findings_text(shown))

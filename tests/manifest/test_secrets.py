"""References to secrets belong in their own fields, and what may be a secret is never repeated."""

from __future__ import annotations

import pytest

from engine.manifest.documents.district import DistrictDocument
from engine.manifest.nodes import MappingNode
from engine.manifest.schema import check
from engine.manifest.secrets import mentions_references, misplaced_references
from engine.manifest.yaml import parse_yaml

START = "district: test\nname: Test\n"


def told(text: str) -> list[str]:
    """Everything that is said of a district file, whatever says it."""
    node, findings = parse_yaml(START + text, "d.yaml")
    if not isinstance(node, MappingNode):
        return [str(finding) for finding in findings]
    more = check(DistrictDocument, node, "the district")[1]
    return [str(each) for each in (*findings, *misplaced_references(node, DistrictDocument), *more)]


@pytest.mark.parametrize(
    "text",
    [
        "env:WIFI",
        "keyring:rollcall/wifi",
        "file:/run/secrets/wifi",
        "file:~/wifi.txt",
        "file:./wifi.txt",
        r"file:C:\secrets\wifi.txt",
    ],
)
def test_a_reference_where_none_belongs(text: str) -> None:
    assert mentions_references(text)
    (line,) = told(f"vars: {{x: '{text}'}}\n")
    assert line.endswith("[secret-reference]")
    assert text not in line


@pytest.mark.parametrize(
    "text",
    [
        "env: a variable",
        "$env:WIFI",
        "file://server/share",
        "file:///C:/start.html",
        "file:wifi",
        "keyring: the one in the drawer",
        "see env:WIFI",
        "environment",
    ],
)
def test_texts_that_only_look_a_little_like_it(text: str) -> None:
    assert told(f"vars: {{x: '{text}'}}\n") == []


@pytest.mark.parametrize("user", [r"T\svc", "env:USER", "file:/run/user", "keyring:a/b"])
def test_credentials_are_the_place_for_references(user: str) -> None:
    assert told(f"connection: {{credentials: {{user: '{user}', password: 'env:PASSWORD'}}}}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "password: hunter2",
        "password: 12345678",
        "password: [hunter2]",
        "password: {is: hunter2}",
        "password: 'env: hunter2'",
        "password: keyring:hunter2",
        "password: 'env:{{ vars.hunter2 }}'",
        "password hunter2",
        "password:hunter2",
        "password: hunter2: more",
        "password: 'hunter2",
        'password: "hunter2',
        r'password: "\hunter2"',
        r'password: "C:\thunter2"',
        "password: @hunter2",
        "password: %hunter2",
        "password: [hunter2",
        "password: x #hunter2",
        "password: ab'hunter2",
        "\tpassword: hunter2",
        "password: !hunter2",
        "password: *hunter2",
    ],
)
def test_what_may_be_a_secret_is_not_repeated(line: str) -> None:
    findings = told(f"connection:\n  credentials:\n    user: T\\svc\n    {line}\n")
    assert findings != []
    assert [finding for finding in findings if "hunter2" in finding or "12345678" in finding] == []

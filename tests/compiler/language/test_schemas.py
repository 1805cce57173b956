"""The schemas: they take every good document, and mark what they can see of bad ones, where it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml.error import YAMLError

from engine.app.editing import schemas
from engine.compiler.language.jsonschema import SchemaFile
from tests.compiler.test_mistakes import CASES, read_case
from tests.support.editor import is_refused, marks, schemas_for
from tests.support.editor_yaml import Place, read_document
from tests.support.small_district import FILES

MANIFESTS = Path(__file__).resolve().parents[3] / "manifests"
SAMPLE = sorted(MANIFESTS.rglob("*.yaml"))
_FINDING = re.compile(
    r"(?:manifests/)?(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): .*\[(?P<rule>[a-z-]+)\]"
)

# A schema sees these wherever they are made...
SEEN = frozenset({"secret-in-manifest", "unknown-choice", "unknown-field", "wrong-type"})
# ...but for these cases:
UNSEEN_CASES = {
    "parameter-type": "the profile says which types its parameters have",
    "parameter-no-choice": "the profile says which texts are allowed",
    "parameter-default-type": "what fits depends on the parameter's type",
    "parameter-default-no-choice": "what fits depends on the parameter's choices",
    "source-password-with-slash": "an `@` may stand in the path of an address",
}
# It sees these where the form of a value shows them, or where nothing but this very place can say the field.
SOMETIMES = frozenset({"invalid-value", "missing-field", "no-hosts"})
# It cannot see these: they show only when documents are read together, or files are looked at.
UNSEEN = frozenset(
    {
        "ambiguous-selector", "catalog-cycle", "cycle", "declared-twice", "duplicate-host", "empty-file",
        "file-name", "final", "host-names", "invalid-reference", "missing-file", "missing-parameter",
        "needs-absent", "no-host-selected", "no-school", "not-approved", "not-in-time", "out-of-scope",
        "profile-cycle", "same-version", "seats", "secret-reference", "selector", "source-not-allowed",
        "stray-file", "superseded", "template", "unknown-group", "unknown-host", "unknown-parameter",
        "unknown-printer", "unknown-profile", "unknown-reference", "unknown-school", "unknown-software",
        "unknown-version", "unused-group", "unused-parameter", "wrong-file",
    }
)  # fmt: skip


def findings(case: Path) -> list[tuple[str, Place, str]]:
    """File, place and rule of each finding that a case expects."""
    _, expected = read_case(case)
    found = [match for line in expected if (match := _FINDING.match(line))]
    assert found
    return [(each["file"], (int(each["line"]), int(each["column"])), each["rule"]) for each in found]


@pytest.mark.parametrize("drawn", schemas(), ids=lambda drawn: drawn.name)
def test_it_is_a_schema(drawn: SchemaFile) -> None:
    Draft7Validator.check_schema(drawn.schema)


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.relative_to(MANIFESTS).as_posix())
def test_every_document_of_the_sample_has_one_schema_and_passes(path: Path) -> None:
    file = path.relative_to(MANIFESTS).as_posix()
    assert len(schemas_for(file)) == 1
    assert marks(file, read_document(path.read_text(encoding="utf-8"))) == set()


def test_the_small_district_passes() -> None:
    assert [file for file, text in FILES.items() if is_refused(file, read_document(text).data)] == []


def seen(case: Path) -> bool:
    """Whether the editor marks the place of one of the findings."""
    files, _ = read_case(case)
    return any(
        place in marks(file, read_document(files[file])) for file, place, _ in findings(case) if file in files
    )


def readable(case: Path) -> bool:
    try:
        for text in read_case(case)[0].values():
            read_document(text)
    except (YAMLError, ValueError):
        return False  # the editor's own parser marks it
    return True


def rules(case: Path) -> set[str]:
    return {rule for _, _, rule in findings(case)}


# What is wrong with the YAML itself, the editor's parser marks, or it is a rule of Rollcall's own reader.
IN_THE_LANGUAGE = [
    case for case in CASES if readable(case) and not all(rule.startswith("yaml-") for rule in rules(case))
]


def test_of_every_rule_it_is_known_whether_a_schema_sees_it() -> None:
    told = {rule for case in IN_THE_LANGUAGE for rule in rules(case) if not rule.startswith("yaml-")}
    assert told <= SEEN | SOMETIMES | UNSEEN


@pytest.mark.parametrize(
    "case",
    [case for case in IN_THE_LANGUAGE if rules(case) <= SEEN and case.stem not in UNSEEN_CASES],
    ids=lambda path: path.stem,
)
def test_a_mistake_of_form_is_marked_where_it_is(case: Path) -> None:
    assert seen(case)


def test_values_are_seen_to_be_wrong_by_their_form() -> None:
    marked = {case.stem for case in IN_THE_LANGUAGE if rules(case) & SOMETIMES and seen(case)}
    assert {
        *("catalog-process-with-exe", "checksum", "evaluation-day-in-words", "grade", "group-called-all"),
        *("host-name-look-alike", "host-name-too-long", "host-range-as-name", "missing-name", "no-hosts"),
        *("plaintext-without-reason", "port", "product-code", "profile-without-hosts", "registry-root"),
        *("relative-path", "source-absolute", "source-ftp", "source-http", "source-on-a-drive"),
        *("source-outside", "source-share-without-file", "source-with-fragment"),
        *("two-detections",),
    } <= marked

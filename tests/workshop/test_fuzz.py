"""A short run of the fuzzer, and proof that it notices what it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci.fuzz.documents import Document, Documents
from ci.fuzz.run import Report, fuzz
from ci.fuzz.seeds import BASE, RESOURCES, TARGETS
from ci.fuzz.shrink import smallest
from ci.fuzz.trial import Trial
from engine.compiler import district
from tests.support.small_district import problems, write_district

DOCUMENTS = 1_000


def _ignore(report: Report) -> None:
    del report


def test_many_documents_and_no_trouble(tmp_path: Path) -> None:
    report = fuzz(tmp_path, 20, range(DOCUMENTS), _ignore)
    assert {kind: found.detail for kind, found in report.troubles.items() if kind != "slow"} == {}
    assert report.documents == DOCUMENTS
    assert DOCUMENTS // 2 < report.wrong < DOCUMENTS


def test_the_district_that_is_spoiled_is_right(tmp_path: Path) -> None:
    assert problems(write_district(tmp_path, BASE)) == []


def test_a_number_gives_the_same_document_and_all_types_are_tried() -> None:
    one, two = Documents(1), Documents(1)
    made = [one.make(number) for number in range(300)]
    assert [two.make(number) for number in range(300)] == made
    assert {document.target for document in made} == set(TARGETS)
    assert Documents(2).make(0) != made[0]


def test_an_exception_is_trouble_and_its_document_is_made_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = district.open_district

    def brittle(folder: Path, templates: Path | None = None) -> object:
        if b"Staff" in (folder / RESOURCES).read_bytes():
            raise KeyError("Staff")
        return real(folder, templates)

    monkeypatch.setattr(district, "open_district", brittle)
    trial = Trial(write_district(tmp_path, BASE), BASE)
    data = BASE[RESOURCES].encode()
    trouble = trial.run(Document(RESOURCES, data)).trouble
    assert trouble is not None
    assert trouble.kind.startswith("KeyError at district.py")
    assert "Traceback" in trouble.detail
    assert smallest(data, lambda data: trial.run(Document(RESOURCES, data)).trouble == trouble) == b"Staff"
    assert (tmp_path / "manifests" / RESOURCES).read_text() == BASE[RESOURCES]


def test_a_run_tells_its_progress(tmp_path: Path) -> None:
    seen: list[int] = []

    def note(report: Report) -> None:
        seen.append(report.documents)

    fuzz(tmp_path, 1, range(3), note)
    assert seen == [1, 2, 3]

"""Validating reads school by school, tells what loading everything at once tells, and keeps little."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ci.fuzz.documents import Documents
from ci.fuzz.seeds import BASE
from engine.app.project import Project
from engine.app.validating import Validation, validate
from engine.compiler.district import open_district
from engine.manifest.folder import Reader
from tests.compiler.test_mistakes import CASES, read_case
from tests.support.small_district import problems, write_district

SCHOOL = "school: {name}\nname: {name}\ngroups: [high]\nhosts: {{server: {{name: {name}-SRV}}}}\n"


def told(validation: Validation) -> list[str]:
    return [str(finding) for finding in validation.findings]


def several(*names: str) -> dict[str, str]:
    return {f"schools/{name}/school.yaml": SCHOOL.format(name=name) for name in names}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_school_by_school_tells_what_all_at_once_tells(case: Path, tmp_path: Path) -> None:
    manifests = write_district(tmp_path, {**several("beta", "gamma"), **read_case(case)[0]})
    assert told(validate(Project(manifests))) == problems(manifests)


DOCUMENTS = Documents(5)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 100_000))
def test_whatever_is_written_both_tell_the_same(
    number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = DOCUMENTS.make(number)
    manifests = write_district(tmp_path_factory.mktemp("fuzzed"), {**BASE, **several("beta")})
    (manifests / document.target).write_bytes(document.data)
    assert told(validate(Project(manifests))) == problems(manifests)


def test_what_only_all_schools_show_is_told_at_the_end(tmp_path: Path) -> None:
    """The district's resource reaches no host, so nobody is told that it is missing on one."""
    district = (
        "district: test\nname: Test\ngroups: {high: {}}\nservices: [{name: W, start: manual, hosts: sever}]\n"
    )
    needing = "services: [{name: V, start: manual, hosts: server, needs: service/W}]\n"
    manifests = write_district(tmp_path, {"district.yaml": district, "schools/alpha/more.yaml": needing})
    (only,) = told(validate(Project(manifests)))
    assert only.endswith(
        "`sever` matches no host of the district (did you mean `server`?) [no-host-selected]"
    )
    assert [only] == problems(manifests)


def test_hosts_of_two_schools_with_one_name_are_found(tmp_path: Path) -> None:
    gamma = SCHOOL.format(name="gamma").replace("gamma-SRV", "BETA-srv")
    files = several("beta") | {"schools/gamma/school.yaml": gamma}
    (only,) = told(validate(Project(write_district(tmp_path, files))))
    assert "the host BETA-srv exists twice; the first is beta-SRV" in only


def test_of_a_school_that_was_checked_no_document_is_kept(tmp_path: Path) -> None:
    reading, _ = open_district(write_district(tmp_path, several("beta", "gamma")))
    assert reading is not None
    references = []
    for school in reading.schools:
        loaded = reading.read(school)
        assert loaded.district is not None
        (document,) = loaded.district.documents.schools.values()
        references.append(weakref.ref(document.main.document))
        del loaded, document
    gc.collect()
    assert [reference() for reference in references] == [None] * 3


def test_of_a_named_school_only_its_own_files_and_what_all_share_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"schools/gamma/school.yaml": "school: gamma\nnonsense: 1\n"}
    unused = {"district.yaml": "district: test\nname: Test\ngroups: {high: {}, low: {}}\n"}
    manifests = write_district(tmp_path, {**several("beta"), **wrong, **unused})
    read: list[str] = []
    real = Reader.school

    def note(self: Reader, folder: str, files: tuple[str, ...]) -> object:
        read.append(folder)
        return real(self, folder, files)

    monkeypatch.setattr(Reader, "school", note)
    found = validate(Project(manifests), schools=("beta",))
    assert (read, found.schools, found.hosts, told(found)) == (["beta"], 1, 1, [])
    rules = {finding.rule for finding in validate(Project(manifests)).findings}
    assert "unknown-field" in rules

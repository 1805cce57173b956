"""Checking a school finds what compiling it finds, without making what is each host's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.compiler.district import District, load_district
from engine.compiler.evaluation import evaluation_findings
from engine.compiler.school import check_school, compile_school
from tests.compiler.test_mistakes import CASES, read_case
from tests.support.small_district import TODAY, load, write_district

SAMPLE = Path(__file__).parents[2] / "manifests"
HOSTS = ("server", "lab", "library", "workstation", "all", "A-LAB-02", "A-LIB-1", "[A-LAB-01, library]")
NAMES = ("A", "B", "C")


def agree(district: District) -> int:
    """How many findings there are; checking and compiling must say the same of every school."""
    count = 0
    uses = []
    for school in district.schools:
        checked, compiled = check_school(district, school), compile_school(district, school)
        assert checked.findings == compiled.findings
        assert checked.use == compiled.use
        uses.append(checked.use)
        assert checked.hosts == len(district.inventories[school].hosts)
        assert checked.resources == (0 if compiled.intent is None else len(compiled.intent.resources))
        count += len(checked.findings)
    return count + len(evaluation_findings(district.documents, uses, TODAY))


def test_the_sample() -> None:
    assert agree(load(SAMPLE)) == 0


def test_a_district_without_mistakes(tmp_path: Path) -> None:
    assert agree(load(write_district(tmp_path))) == 0


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_mistake(case: Path, tmp_path: Path) -> None:
    loaded = load_district(write_district(tmp_path, read_case(case)[0]))
    if loaded.district is not None:
        assert agree(loaded.district) + len(loaded.findings) > 0


REFERENCES = st.builds(
    lambda host, name: f"'{host}service/{name}'",
    st.sampled_from(["", "", "server/", "lab/", "library/", "all/", "A-LAB-01/", "A-LIB-2/"]),
    st.sampled_from(NAMES),
)
SERVICES = st.builds(
    lambda name, hosts, state, word, references: (
        f"  - {{name: {name}, start: manual, hosts: {hosts}, {state}{word}: [{', '.join(references)}]}}\n"
    ),
    st.sampled_from(NAMES),
    st.sampled_from(HOSTS),
    st.sampled_from(["", "", "", "state: forget, ", "state: absent, "]),
    st.sampled_from(["needs", "after"]),
    st.lists(REFERENCES, min_size=1, max_size=2),
)
SPREAD = st.lists(SERVICES, min_size=1, max_size=6).map("".join)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(services=SPREAD)
def test_whatever_waits_for_whatever(services: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Declarations of a few names for overlapping hosts: edges, cycles, and cycles of classes only."""
    folder = tmp_path_factory.mktemp("services")
    every = "".join(f"  - {{name: {name}, start: manual, hosts: all}}\n" for name in NAMES)
    files = {"district.yaml": _with_services(every), "schools/alpha/more.yaml": f"services:\n{services}"}
    agree(load(write_district(folder, files)))


def _with_services(services: str) -> str:
    return f"district: test\nname: Test\ngroups: {{high: {{}}}}\nservices:\n{services}"


def test_a_cycle_of_classes_that_is_none_of_hosts_is_none(tmp_path: Path) -> None:
    # One computer of the lab waits for all of it: for the others, and not for itself.
    services = (
        "services:\n"
        "  - {name: A, start: manual, hosts: lab}\n"
        "  - {name: B, start: manual, hosts: [A-LAB-01, A-LAB-02], after: A-LAB-01/service/B}\n"
    )
    assert agree(load(write_district(tmp_path, {"schools/alpha/more.yaml": services}))) == 0


def test_a_knot_with_a_cycle_of_one_is_told_once(tmp_path: Path) -> None:
    services = (
        "services:\n"
        "  - {name: A, start: manual, hosts: lab, needs: lab/service/A}\n"
        "  - {name: A, start: manual, hosts: workstation, needs: service/A}\n"
    )
    district = load(write_district(tmp_path, {"schools/alpha/more.yaml": services}))
    findings = compile_school(district, "alpha").findings
    assert len(findings) == len(set(findings)) > 0
    assert agree(district) > 0


def test_a_cycle_of_hosts_of_one_class_is_found(tmp_path: Path) -> None:
    services = "services:\n  - {name: A, start: manual, hosts: lab, after: lab/service/A}\n"
    district = load(write_district(tmp_path, {"schools/alpha/more.yaml": services}))
    assert agree(district) > 0
    assert {finding.rule for finding in check_school(district, "alpha").findings} == {"cycle"}
